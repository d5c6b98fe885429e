-- requires: sql/functions/app_private/scan_base.sql
-- requires: sql/functions/app_private/rule_field.sql

create function app_private.distribution_drift(
  rule app_public.validation_rules, session app_public.scrape_sessions,
  out is_applicable boolean, out is_failed boolean, out details jsonb
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  config jsonb := rule.rule_config;
  bins integer := greatest(2, coalesce((config ->> 'bins')::integer, 10));
  least_count integer := coalesce((config ->> 'min_count')::integer, 200);
  field app_public.rule_fields := app_private.rule_field(rule.field_name);
  counts record;
begin
  execute format(
    $query$
      with
        edges as (
          select percentile_disc((select array_agg(g / %1$s.0) from generate_series(1, %1$s - 1) as g))
            within group (order by l.%2$I::float8) as edges, count(*) as live_count
          from app_public.properties_live as l
          where l.source_id = %3$s and l.status in ('active', 'under_offer') and l.%2$I is not null
            and (%4$L is null or l.property_type = %4$L)
        ),
        old_bins as (
          select width_bucket(l.%2$I::float8, e.edges) as bin, count(*) as n
          from app_public.properties_live as l
          cross join edges as e
          where l.source_id = %3$s and l.status in ('active', 'under_offer') and l.%2$I is not null
            and (%4$L is null or l.property_type = %4$L) and e.edges is not null
          group by 1
        ),
        new_bins as (
          select width_bucket(r.%2$I::float8, e.edges) as bin, count(*) as n
          from (%5$s) as r
          cross join edges as e
          where r.%2$I is not null and (%4$L is null or r.property_type = %4$L) and e.edges is not null
          group by 1
        ),
        shares as (
          -- Half a row stands in for none: an empty bin would make the index infinite.
          select
            greatest(coalesce(o.n, 0), 0.5) / sum(coalesce(o.n, 0)) over () as old_share,
            greatest(coalesce(n.n, 0), 0.5) / nullif(sum(coalesce(n.n, 0)) over (), 0) as new_share
          from old_bins as o
          full join new_bins as n using (bin)
        )
      select
        (select round(sum((s.new_share - s.old_share) * ln((s.new_share / s.old_share)::float8))::numeric, 4)
         from shares as s) as psi,
        (select e.live_count from edges as e) as old_count,
        (select coalesce(sum(n.n), 0) from new_bins as n) as new_count
    $query$,
    bins, field.column_name, session.source_id, rule.property_type, app_private.scan_base(session)
  ) into counts;
  is_applicable := least(counts.old_count, counts.new_count) >= least_count and counts.psi is not null;
  is_failed := counts.psi > (config ->> 'max_psi')::numeric;
  details := jsonb_build_object('psi', counts.psi, 'live_count', counts.old_count, 'brought_count', counts.new_count);
end
$$;

comment on function app_private.distribution_drift(app_public.validation_rules, app_public.scrape_sessions) is $$
How differently a field is spread in a session's new and changed rows than in the source's homes on the market: the
population stability index over quantiles of the latter, Σ (new − old) × ln(new / old).
$$;
