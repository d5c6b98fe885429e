-- One scan, which may run in parallel, gives sorted amounts; median and deviations are read off them. Amounts in cents,
-- so that neither the order of arrival nor floating point has a say.

create function app_private.recompute_listing_stats(insee_codes text[], property_types app_base.property_type[])
returns void
language plpgsql
volatile
set parallel_tuple_cost = 0.001
set client_min_messages = warning
set search_path = pg_catalog, pg_temp
as $$
begin
  drop table if exists pg_temp.touched_groups, pg_temp.group_amounts;
  create temp table touched_groups on commit drop as
  select distinct g.insee_code collate "C" as insee_code, g.property_type
  from unnest(insee_codes, property_types) as g (insee_code, property_type)
  where g.insee_code is not null;
  analyze pg_temp.touched_groups;

  -- A scan of everything may use every core, a join with a temporary table may not.
  execute format(
    'create temp table group_amounts on commit drop as
     select
       l.insee_code,
       l.property_type,
       count(*)::integer as listing_count,
       array_sort(array_agg((l.price_eur * 100)::bigint) filter (where l.price_eur > 0)) as prices,
       array_sort(array_agg((l.price_per_m2 * 100)::bigint) filter (where l.price_per_m2 > 0)) as prices_per_m2
     from app_public.properties_live as l
     where l.status in (''active'', ''under_offer'') and l.insee_code is not null %s
     group by l.insee_code, l.property_type',
    case
      when (select count(*) from pg_temp.touched_groups) * 4 < (select count(*) from app_public.listing_stats)
        then 'and (l.insee_code, l.property_type) in (select g.insee_code, g.property_type from pg_temp.touched_groups as g)'
    end
  );

  delete from app_public.listing_stats as s
  using pg_temp.touched_groups as g
  where s.insee_code = g.insee_code
    and s.property_type = g.property_type
    and not exists (
      select from pg_temp.group_amounts as a
      where a.insee_code = g.insee_code and a.property_type = g.property_type
    );

  merge into app_public.listing_stats as s
  using (
    with
      -- Materialized: written in place, the median would be read off anew for every amount.
      medians as materialized (
        select a.*, (round(app_private.quartile(a.prices_per_m2, 2), 2) * 100)::bigint as median_cents
        from pg_temp.group_amounts as a
        join pg_temp.touched_groups as g on g.insee_code = a.insee_code and g.property_type = a.property_type
      ),
      deviations as materialized (
        select
          m.*,
          (
            select array_sort(array_agg(abs(p.amount - m.median_cents)))
            from unnest(m.prices_per_m2) as p (amount)
          ) as deviations
        from medians as m
      )
    select
      d.insee_code,
      d.property_type,
      d.listing_count,
      round(app_private.quartile(d.prices, 2), 2) as price_median,
      coalesce(cardinality(d.prices_per_m2), 0) as price_per_m2_count,
      round(app_private.quartile(d.prices_per_m2, 1), 2) as first_quartile,
      d.median_cents / 100.0 as median,
      round(app_private.quartile(d.prices_per_m2, 3), 2) as third_quartile,
      round(app_private.quartile(d.deviations, 2), 2) as deviation
    from deviations as d
  ) as n
  on s.insee_code = n.insee_code and s.property_type = n.property_type
  when matched then update set
    listing_count = n.listing_count, price_median_eur = n.price_median,
    price_per_m2_count = n.price_per_m2_count, price_per_m2_first_quartile = n.first_quartile,
    price_per_m2_median = n.median, price_per_m2_third_quartile = n.third_quartile,
    price_per_m2_mad = n.deviation, calculated_at = now()
  when not matched then insert (
    insee_code, property_type, listing_count, price_median_eur, price_per_m2_count, price_per_m2_first_quartile,
    price_per_m2_median, price_per_m2_third_quartile, price_per_m2_mad
  )
  values (
    n.insee_code, n.property_type, n.listing_count, n.price_median, n.price_per_m2_count, n.first_quartile,
    n.median, n.third_quartile, n.deviation
  );
  drop table pg_temp.touched_groups, pg_temp.group_amounts;
end
$$;

comment on function app_private.recompute_listing_stats(text[], app_base.property_type[]) is $$
Brings listing_stats of the given groups (commune and type, side by side in the two arrays) to what the live homes on
the market say; a group that has none left loses its row.

    select app_private.recompute_listing_stats('{44109}', '{flat}');
$$;
