-- requires: sql/functions/app_private/insert_scrape_items.sql

create function app_private.plan_scrape(session uuid, token bigint, items jsonb)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  lease app_private.scrape_leases := app_private.held_lease(session, token);
  answer integer;
begin
  if lease.is_planned then
    return 0;
  end if;
  select count(*) into answer from app_private.insert_scrape_items(session, items);
  update app_private.scrape_leases as l set is_planned = true where l.session_id = session;
  return answer;
end
$$;

comment on function app_private.plan_scrape(uuid, bigint, jsonb) is $$
Keeps the first items of a scrape, once; how many there are.

PC409: the token is an old one.
$$;
