-- requires: sql/functions/app_private/apply_dvf_release.sql
-- requires: sql/functions/app_private/group_dvf_shard.sql

create function app_private.decide_dvf_release(release_code text, is_accepted boolean)
returns app_public.dvf_releases
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  answer app_public.dvf_releases;
begin
  perform pg_advisory_xact_lock(hashtext('app_private.dvf_import'));
  select r.* into answer from app_public.dvf_releases as r where r.code = release_code and r.status = 'held' for update;
  if not found then
    raise exception 'no release % is held', release_code
      using errcode = 'PC404', hint = 'List the releases that wait with: parcelle dvf held';
  end if;
  if is_accepted then
    -- A crash of the server empties unlogged candidates; the lines they came from are safe.
    if not exists (select from app_private.dvf_candidates as c where c.release_id = answer.id) then
      perform app_private.group_dvf_shard(answer.id, s.shard_no) from generate_series(0, 1) as s (shard_no);
    end if;
    return app_private.apply_dvf_release(answer.id, true);
  end if;
  perform app_private.drop_dvf_partitions(answer.id, true);
  update app_public.dvf_releases as r
  set status = 'rejected', decided_at = clock_timestamp()
  where r.id = answer.id
  returning r.* into answer;
  return answer;
end
$$;

comment on function app_private.decide_dvf_release(text, boolean) is $$
Accepts a held release, which applies it, or rejects it, which drops its lines and keeps its record.

PC404: no release of that code is held.
$$;
