-- requires: sql/functions/app_private/drop_dvf_partitions.sql

create function app_private.abandon_dvf_import(release integer)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  -- What fails after the release was applied or held takes nothing of it away.
  if not exists (select from app_public.dvf_releases as r where r.id = release and r.status = 'loading') then
    return;
  end if;
  perform app_private.drop_dvf_partitions(release, true);
  delete from app_private.dvf_rejects as j where j.release_id = release;
  delete from app_public.dvf_release_scopes as s where s.release_id = release;
  update app_public.dvf_releases as r
  set status = 'failed', completed_at = clock_timestamp()
  where r.id = release;
end
$$;

comment on function app_private.abandon_dvf_import(integer) is $$
Clears away what a loading release had loaded; its record stays with status failed. Any other release is left alone.
$$;
