-- Candidates are computed from the lines and can be computed again, so their leaves are unlogged: a crash empties
-- them, and app_private.decide_dvf_release groups a held release anew. `create table … (like …)` and `attach partition` do not wait for readers of the parent, where
-- `create table … partition of` would.

create function app_private.open_dvf_partitions(release integer)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  parent text;
  name text;
  shard_no integer;
begin
  foreach parent in array array['dvf_lines', 'dvf_candidates', 'dvf_candidate_dispositions'] loop
    name := parent || '_' || release;
    execute format('create table app_private.%I (like app_private.%I including defaults) partition by list (shard)',
      name, parent);
    execute format('alter table app_private.%I enable row level security', name);
    for shard_no in 0..1 loop
      execute format('create %s table app_private.%I (like app_private.%I including defaults)',
        case parent when 'dvf_lines' then '' else 'unlogged' end, name || '_' || shard_no, parent);
      execute format('alter table app_private.%I enable row level security', name || '_' || shard_no);
      execute format('alter table app_private.%I attach partition app_private.%I for values in (%s)',
        name, name || '_' || shard_no, shard_no);
    end loop;
    execute format('alter table app_private.%I attach partition app_private.%I for values in (%s)',
      parent, name, release);
  end loop;
  execute format('create table app_private.%I (like app_public.market_stats)', 'market_figures_' || release);
  execute format('alter table app_private.%I enable row level security', 'market_figures_' || release);
end
$$;

comment on function app_private.open_dvf_partitions(integer) is $$
Makes what a release loads into: partitions of lines, candidates and their dispositions, each in two shards, and the
table that app_private.prepare_market_figures fills.
$$;
