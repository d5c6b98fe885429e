-- requires: sql/functions/app_private/insert_scrape_items.sql

create function app_private.plan_scrape_checks(session uuid, token bigint)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  lease app_private.scrape_leases := app_private.held_lease(session, token);
  filled app_public.scrape_sessions := app_private.fillable_session(session);
  checks jsonb;
begin
  if lease.is_checked or filled.parameters ->> 'tier' <> 'manifest' then
    return 0;
  end if;
  update app_private.scrape_leases as l set is_checked = true where l.session_id = session;
  execute format(
    'select jsonb_agg(jsonb_build_object(
       ''key'', ''check:'' || l.source_key, ''kind'', ''check'',
       ''params'', jsonb_build_object(''source_key'', l.source_key, ''url'', l.property_url)
     ) order by l.id)
     from app_public.properties_live as l
     where %s and l.property_url is not null and not exists (
       select from app_public.scrape_items as i
       where i.session_id = $1 and i.item_key = ''home:'' || l.source_key
     )',
    app_private.scope_condition(filled)
  ) into checks using session;
  if checks is null then
    return 0;
  end if;
  return app_private.insert_scrape_items(session, checks);
end
$$;

comment on function app_private.plan_scrape_checks(uuid, bigint) is $$
Adds, once and in a manifest only, a check for every live home in its scope that no page of results showed: its page is
asked for, so that only a home whose page is gone counts as missing; how many.

PC409: the token is an old one.
$$;
