-- requires: sql/functions/app_private/abandon_dvf_import.sql
-- requires: sql/functions/app_private/open_dvf_partitions.sql
-- One import at a time: a session-level advisory lock says who works, and it goes with its connection, so a
-- release that still says "loading" when the lock is free belongs to an import that died.

create function app_private.begin_dvf_import(
  release_code text, checksum text, out release_id integer, out is_known boolean
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  known app_public.dvf_releases;
  dead integer;
begin
  if not pg_try_advisory_lock(hashtext('app_private.dvf_import')) then
    raise exception 'another DVF import is running'
      using errcode = 'PC409', hint = 'Wait until it has ended, then run this import again.';
  end if;

  for dead in select r.id from app_public.dvf_releases as r where r.status = 'loading' loop
    perform app_private.abandon_dvf_import(dead);
  end loop;

  select r.* into known
  from app_public.dvf_releases as r
  where r.content_checksum = checksum and r.status in ('applied', 'held')
  order by r.id desc
  limit 1;
  if found then
    release_id := known.id;
    is_known := true;
    return;
  end if;

  if exists (
    select from app_public.dvf_releases as r where r.code = release_code and r.status in ('applied', 'held')
  ) then
    raise exception 'release % is known with other contents', release_code
      using errcode = 'PC409', hint = 'Give this release a code of its own, or undo the one that has it.';
  end if;

  insert into app_public.dvf_releases as r (code, content_checksum)
  values (release_code, checksum)
  returning r.id into release_id;
  is_known := false;
  perform app_private.open_dvf_partitions(release_id);
end
$$;

comment on function app_private.begin_dvf_import(text, text) is $$
Opens a release for loading, or says that the same contents are known already.

`checksum` is the sha256 over the sorted checksums of its files. Takes a session lock that the caller's
connection holds to the end of the import. What a killed import left behind is cleared away first.

PC409: another import is running, or the code is taken by a release with other contents.
$$;
