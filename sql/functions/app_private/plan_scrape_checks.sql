-- requires: sql/functions/app_private/insert_scrape_items.sql
-- requires: sql/functions/app_private/stage_seen_homes.sql

create function app_private.plan_scrape_checks(session uuid, token bigint)
returns integer
language plpgsql
volatile
-- The items of this session are newer than any statistics.
set enable_nestloop = off
set search_path = pg_catalog, pg_temp
as $$
declare
  lease app_private.scrape_leases := app_private.held_lease(session, token);
  filled app_public.scrape_sessions := app_private.fillable_session(session);
  checks jsonb;
  answer integer;
begin
  if lease.is_checked then
    return 0;
  end if;
  update app_private.scrape_leases as l set is_checked = true where l.session_id = session;
  answer := app_private.stage_seen_homes(filled);
  if filled.parameters ->> 'tier' <> 'manifest' then
    return answer;
  end if;
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
  if checks is not null then
    select answer + count(*) into answer from app_private.insert_scrape_items(session, checks);
  end if;
  return answer;
end
$$;

comment on function app_private.plan_scrape_checks(uuid, bigint) is $$
What is left to do when all items of a scrape have been read, once; how many items that adds.

Homes that were seen and not read are staged as they were (stage_seen_homes). In a manifest every live home in its scope
that no page of results showed gets a check: its page is asked for, so that only a home whose page is gone counts as
missing.

PC409: the token is an old one.
$$;
