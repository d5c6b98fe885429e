create function app_private.applied_release(release_code text)
returns app_public.dvf_releases
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  answer app_public.dvf_releases;
begin
  select r.* into answer
  from app_public.dvf_releases as r
  where r.code = release_code and r.status = 'applied';
  if not found then
    raise exception 'no release % is applied', coalesce(release_code, 'null')
      using errcode = 'PC404', hint = 'List the releases with: parcelle dvf releases';
  end if;
  return answer;
end
$$;

comment on function app_private.applied_release(text) is $$
The release of a code, provided that it stands in the ledger.

PC404: no release of that code is applied; one that waits, failed or was undone is not.
$$;
