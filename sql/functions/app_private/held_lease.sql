create function app_private.held_lease(session uuid, shown bigint)
returns app_private.scrape_leases
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  answer app_private.scrape_leases;
begin
  update app_private.scrape_leases as l
  set renewed_at = clock_timestamp()
  where l.session_id = session and l.token = shown and l.holder is not null
  returning l.* into answer;
  if not found then
    raise exception 'the scrape of session % is no longer yours', session
      using errcode = 'PC409', hint = 'Another worker went on with it; nothing has to be done.';
  end if;
  return answer;
end
$$;

comment on function app_private.held_lease(uuid, bigint) is $$
The lease on the scrape of a session, renewed and locked until the transaction ends, if the token shown is its own.

PC409: the token is an old one: somebody else has gone on with it, it ended, or was called off.
$$;
