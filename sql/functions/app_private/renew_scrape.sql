create function app_private.renew_scrape(session uuid, token bigint)
returns app_private.scrape_leases
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  answer app_private.scrape_leases := app_private.held_lease(session, token);
begin
  -- Called off meanwhile: told now, not at the next write.
  perform app_private.fillable_session(session);
  update app_public.scrape_sessions as s set heartbeat_at = clock_timestamp() where s.id = session;
  return answer;
end
$$;

comment on function app_private.renew_scrape(uuid, bigint) is $$
Says that a scrape is still in somebody's hands; how far it is.

PC409: the token is an old one, or the session was called off.
$$;
