-- requires: sql/functions/app_private/drop_dvf_partitions.sql
-- requires: sql/functions/app_private/fill_market_stats.sql
-- requires: sql/functions/app_private/is_ledger_empty.sql
-- requires: sql/functions/app_private/judge_dvf_release.sql
-- requires: sql/functions/app_private/load_first_dvf_release.sql
-- requires: sql/functions/app_private/merge_dvf_release.sql
-- requires: sql/functions/app_private/recompute_market_stats.sql

create function app_private.apply_dvf_release(release integer, is_accepted boolean)
returns app_public.dvf_releases
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  answer app_public.dvf_releases;
  reasons jsonb;
  candidates integer;
  added integer;
  corrected integer := 0;
  withdrawn integer := 0;
begin
  select count(*) into candidates from app_private.dvf_candidates as c where c.release_id = release;
  reasons := app_private.judge_dvf_release(release);
  if reasons is not null and not is_accepted then
    update app_public.dvf_releases as r
    set status = 'held', held_reasons = reasons, transaction_count = candidates, completed_at = clock_timestamp()
    where r.id = release
    returning r.* into answer;
    return answer;
  end if;

  if app_private.is_ledger_empty() then
    added := app_private.load_first_dvf_release(release);
    perform app_private.fill_market_stats(release);
  else
    select m.added_count, m.corrected_count, m.withdrawn_count into added, corrected, withdrawn
    from app_private.merge_dvf_release(release) as m;
    perform app_private.recompute_market_stats(release);
  end if;
  perform app_private.drop_dvf_partitions(release, false);

  update app_public.dvf_releases as r
  set status = 'applied',
    applied_order = (select coalesce(max(o.applied_order), 0) + 1 from app_public.dvf_releases as o),
    held_reasons = reasons,
    transaction_count = candidates,
    added_count = added,
    corrected_count = corrected,
    withdrawn_count = withdrawn,
    unchanged_count = candidates - added - corrected,
    completed_at = clock_timestamp(),
    decided_at = case when is_accepted then clock_timestamp() end
  where r.id = release
  returning r.* into answer;
  return answer;
end
$$;

comment on function app_private.apply_dvf_release(integer, boolean) is $$
Brings the ledger, its changes and the market statistics to what a loaded release says, in one transaction,
and answers the release; or holds it when app_private.judge_dvf_release finds a reason and an operator has not
accepted it.
$$;
