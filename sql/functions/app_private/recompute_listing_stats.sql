-- One scan gives sorted prices; median and deviations are read off them. Amounts in cents, so that neither the order
-- of arrival nor floating point has a say.

create function app_private.recompute_listing_stats(insee_codes text[], property_types app_base.property_type[])
returns void
language plpgsql
volatile
set enable_nestloop = on
set search_path = pg_catalog, pg_temp
as $$
begin
  drop table if exists pg_temp.touched_groups;
  create temp table touched_groups on commit drop as
  select distinct g.insee_code collate "C" as insee_code, g.property_type
  from unnest(insee_codes, property_types) as g (insee_code, property_type)
  where g.insee_code is not null;
  analyze pg_temp.touched_groups;

  merge into app_public.listing_stats as s
  using (
    select
      t.insee_code,
      t.property_type,
      coalesce(f.listing_count, 0) as listing_count,
      f.price_median_eur,
      coalesce(cardinality(f.sorted), 0) as price_per_m2_count,
      round(app_private.quartile(f.sorted, 1), 2) as first_quartile,
      round(app_private.quartile(f.sorted, 2), 2) as median,
      round(app_private.quartile(f.sorted, 3), 2) as third_quartile,
      (
        select round(app_private.quartile(array_agg(d.deviation order by d.deviation), 2), 2)
        from (
          select abs(p.amount - (app_private.quartile(f.sorted, 2) * 100)::bigint) as deviation
          from unnest(f.sorted) as p (amount)
        ) as d
      ) as deviation
    from pg_temp.touched_groups as t
    left join (
      select
        l.insee_code,
        l.property_type,
        count(*)::integer as listing_count,
        round(app_private.quartile(
          array_agg((l.price_eur * 100)::bigint order by l.price_eur) filter (where l.price_eur > 0), 2
        ), 2) as price_median_eur,
        array_agg((l.price_per_m2 * 100)::bigint order by l.price_per_m2) filter (where l.price_per_m2 > 0) as sorted
      from pg_temp.touched_groups as g
      join app_public.properties_live as l on l.insee_code = g.insee_code and l.property_type = g.property_type
      where l.status in ('active', 'under_offer')
      group by l.insee_code, l.property_type
    ) as f on f.insee_code = t.insee_code and f.property_type = t.property_type
  ) as n
  on s.insee_code = n.insee_code and s.property_type = n.property_type
  when matched and n.listing_count = 0 then delete
  when matched then update set
    listing_count = n.listing_count, price_median_eur = n.price_median_eur,
    price_per_m2_count = n.price_per_m2_count, price_per_m2_first_quartile = n.first_quartile,
    price_per_m2_median = n.median, price_per_m2_third_quartile = n.third_quartile,
    price_per_m2_mad = n.deviation, calculated_at = now()
  when not matched and n.listing_count > 0 then insert (
    insee_code, property_type, listing_count, price_median_eur, price_per_m2_count, price_per_m2_first_quartile,
    price_per_m2_median, price_per_m2_third_quartile, price_per_m2_mad
  )
  values (
    n.insee_code, n.property_type, n.listing_count, n.price_median_eur, n.price_per_m2_count, n.first_quartile,
    n.median, n.third_quartile, n.deviation
  );
  drop table pg_temp.touched_groups;
end
$$;

comment on function app_private.recompute_listing_stats(text[], app_base.property_type[]) is $$
Brings listing_stats of the given groups (commune and type, side by side in the two arrays) to what the live homes on
the market say; a group that has none left loses its row.

    select app_private.recompute_listing_stats('{44109}', '{flat}');
$$;
