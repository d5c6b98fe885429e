create function app_private.release_scrape(session uuid, shown bigint)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  update app_private.scrape_leases as l
  set holder = null
  where l.session_id = session and l.token = shown;
  if found then
    update app_public.scrape_items as i
    set status = 'waiting', attempt_count = greatest(i.attempt_count - 1, 0)
    where i.session_id = session and i.status = 'running';
  end if;
end
$$;

comment on function app_private.release_scrape(uuid, bigint) is $$
Lays a scrape down so that somebody else may go on at once; what was in hand waits again, as if it had not been begun.
An old token changes nothing.
$$;
