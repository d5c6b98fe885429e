create function app_private.drop_dvf_partitions(release integer, also_lines boolean)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  execute format('drop table if exists app_private.%I, app_private.%I, app_private.%I',
    'dvf_candidates_' || release, 'dvf_candidate_dispositions_' || release, 'market_figures_' || release);
  if also_lines then
    execute format('drop table if exists app_private.%I', 'dvf_lines_' || release);
  end if;
end
$$;

comment on function app_private.drop_dvf_partitions(integer, boolean) is $$
Drops what a release held while it was loading or waiting and, when asked, its lines.
$$;
