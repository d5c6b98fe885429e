create view app_public.stats_cache with (security_invoker) as
select
  m.area_code as city_code,
  case m.period_kind
    when 'month' then to_char(m.period_start, 'YYYY-MM')
    when 'quarter' then to_char(m.period_start, 'YYYY-"Q"Q')
    else to_char(m.period_start, 'YYYY')
  end as period,
  m.property_type || '_' || case when m.nature = 'sale' then '' else m.nature || '_' end || f.stat_name as stat_type,
  f.value,
  m.calculated_at
from app_public.market_stats as m
cross join lateral (
  values
    ('sale_count', m.sale_count::numeric),
    ('volume_eur', m.volume_eur),
    ('price_mean_eur', m.price_mean_eur),
    ('price_first_quartile_eur', m.price_first_quartile_eur),
    ('price_median_eur', m.price_median_eur),
    ('price_third_quartile_eur', m.price_third_quartile_eur),
    ('price_per_m2_mean', m.price_per_m2_mean),
    ('price_per_m2_first_quartile', m.price_per_m2_first_quartile),
    ('price_per_m2_median', m.price_per_m2_median),
    ('price_per_m2_third_quartile', m.price_per_m2_third_quartile)
) as f (stat_name, value)
where m.area_level = 'commune' and f.value is not null;

comment on view app_public.stats_cache is $$
Market statistics of communes, one figure to a row, under the name older documents use.

`stat_type` is the type and the figure of `market_stats` ('flat_price_per_m2_median'); for off-plan sales and auctions
the nature stands between ('flat_off_plan_sale_price_median_eur'). What is hidden in small groups is absent.

    select value from stats_cache
    where city_code = '35238' and period = '2024' and stat_type = 'flat_price_per_m2_median';
$$;
comment on column app_public.stats_cache.city_code is
  'INSEE code of the commune, arrondissement, or of a whole city.';
comment on column app_public.stats_cache.period is 'Year, quarter or month: 2024, 2024-Q1, 2024-11.';
comment on column app_public.stats_cache.stat_type is 'Which figure of which type of property.';
comment on column app_public.stats_cache.value is 'The figure: sales, € or €/m² as its name says.';
comment on column app_public.stats_cache.calculated_at is 'When it was computed last.';

grant select on app_public.stats_cache to app_visitor, app_analyst;
