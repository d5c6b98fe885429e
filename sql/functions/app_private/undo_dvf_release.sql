-- requires: sql/functions/app_private/drop_dvf_partitions.sql
-- requires: sql/functions/app_private/insert_transactions.sql
-- requires: sql/functions/app_private/is_ledger_empty.sql
-- requires: sql/functions/app_private/recompute_market_cells.sql
-- requires: sql/functions/app_private/touched_market_cells.sql

create function app_private.undo_dvf_release(release_code text)
returns app_public.dvf_releases
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  answer app_public.dvf_releases;
  later text;
  cells app_private.market_cell[];
begin
  perform pg_advisory_xact_lock(hashtext('app_private.dvf_import'));
  select r.* into answer
  from app_public.dvf_releases as r
  where r.code = release_code and r.status = 'applied'
  for update;
  if not found then
    raise exception 'no release % is applied', release_code
      using errcode = 'PC404', hint = 'List the releases with: parcelle dvf releases';
  end if;
  select string_agg(r.code, ', ' order by r.applied_order desc) into later
  from app_public.dvf_releases as r
  where r.status = 'applied' and r.applied_order > answer.applied_order;
  if later is not null then
    raise exception 'release % was followed by %', release_code, later
      using errcode = 'PC409', hint = 'Undo the later releases first, the last one at the beginning.';
  end if;

  -- Asked while the release's changes are still recorded.
  cells := app_private.touched_market_cells(answer.id);

  create temporary table dvf_restored on commit drop as
  select v.image, t.*
  from app_private.transaction_versions as v
  cross join lateral jsonb_populate_record(null::app_public.transactions, v.image) as t
  where v.release_id = answer.id;

  create temporary table dvf_touched on commit drop as
  select c.transaction_id as id
  from app_public.transaction_changes as c
  where c.release_id = answer.id
  union
  select r.id from pg_temp.dvf_restored as r;
  create unique index on pg_temp.dvf_touched (id);
  analyze pg_temp.dvf_touched;

  delete from app_public.transaction_dispositions as d using pg_temp.dvf_touched as c where d.transaction_id = c.id;
  delete from app_public.transactions as t using pg_temp.dvf_touched as c where t.id = c.id;
  perform app_private.insert_transactions('pg_temp.dvf_restored');
  insert into app_public.transaction_dispositions
  select d.*
  from pg_temp.dvf_restored as r
  cross join lateral jsonb_populate_recordset(null::app_public.transaction_dispositions, r.image -> 'dispositions') as d;
  update app_public.transactions as t
  set longitude = null, latitude = null, located_release_id = null
  where t.located_release_id = answer.id;

  delete from app_private.transaction_versions as v where v.release_id = answer.id;
  execute format('drop table if exists app_public.%I', 'transaction_changes_' || answer.id);
  perform app_private.drop_dvf_partitions(answer.id, true);
  if app_private.is_ledger_empty() then
    delete from app_public.market_stats;
  else
    perform app_private.recompute_market_cells(cells);
  end if;

  update app_public.dvf_releases as r
  set views_refreshed_at = null
  where r.applied_order = (
    select max(o.applied_order) from app_public.dvf_releases as o where o.applied_order < answer.applied_order
  );
  update app_public.dvf_releases as r
  set status = 'undone', applied_order = null, decided_at = clock_timestamp()
  where r.id = answer.id
  returning r.* into answer;
  return answer;
end
$$;

comment on function app_private.undo_dvf_release(text) is $$
Takes the last applied release back: the ledger, its dispositions and the market statistics stand exactly as
before it, its lines are dropped, its record stays with status undone.

PC404: no release of that code is applied. PC409: later releases stand on it.
$$;
