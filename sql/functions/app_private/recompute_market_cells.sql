-- requires: sql/functions/app_private/market_figures.sql

create function app_private.recompute_market_cells(cells app_private.market_cell[])
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  written integer;
begin
  if cells = '{}' then
    return 0;
  end if;
  merge into app_public.market_stats as m
  using app_private.market_figures(cells) as f
    on m.area_level = f.area_level
      and m.area_code = f.area_code
      and m.property_type = f.property_type
      and m.nature = f.nature
      and m.period_kind = f.period_kind
      and m.period_start = f.period_start
  when matched and f.sale_count = 0 then delete
  when matched and (
    m.sale_count, m.volume_eur, m.price_mean_eur,
    m.price_first_quartile_eur, m.price_median_eur, m.price_third_quartile_eur,
    m.price_per_m2_count, m.price_per_m2_mean,
    m.price_per_m2_first_quartile, m.price_per_m2_median, m.price_per_m2_third_quartile
  ) is distinct from (
    f.sale_count, f.volume_eur, f.price_mean_eur,
    f.price_first_quartile_eur, f.price_median_eur, f.price_third_quartile_eur,
    f.price_per_m2_count, f.price_per_m2_mean,
    f.price_per_m2_first_quartile, f.price_per_m2_median, f.price_per_m2_third_quartile
  ) then update set
    sale_count = f.sale_count,
    volume_eur = f.volume_eur,
    price_mean_eur = f.price_mean_eur,
    price_first_quartile_eur = f.price_first_quartile_eur,
    price_median_eur = f.price_median_eur,
    price_third_quartile_eur = f.price_third_quartile_eur,
    price_per_m2_count = f.price_per_m2_count,
    price_per_m2_mean = f.price_per_m2_mean,
    price_per_m2_first_quartile = f.price_per_m2_first_quartile,
    price_per_m2_median = f.price_per_m2_median,
    price_per_m2_third_quartile = f.price_per_m2_third_quartile,
    calculated_at = f.calculated_at
  when not matched and f.sale_count > 0 then insert values (
    f.area_level, f.area_code, f.property_type, f.nature, f.period_kind, f.period_start,
    f.sale_count, f.volume_eur, f.price_mean_eur,
    f.price_first_quartile_eur, f.price_median_eur, f.price_third_quartile_eur,
    f.price_per_m2_count, f.price_per_m2_mean,
    f.price_per_m2_first_quartile, f.price_per_m2_median, f.price_per_m2_third_quartile,
    f.calculated_at
  );
  get diagnostics written = row_count;
  return written;
end
$$;

comment on function app_private.recompute_market_cells(app_private.market_cell[]) is $$
Brings the groups of `market_stats` that `cells` belong to in line with the ledger.

Gives the number of groups written: added, changed or deleted. A group whose figures stay the same is not touched.
Whoever takes sales out of the ledger (undo) asks `touched_market_cells` first and calls this afterwards.
$$;
