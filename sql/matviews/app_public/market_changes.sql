create materialized view app_public.market_changes as
select
  m.area_level,
  m.area_code,
  m.property_type,
  m.nature,
  m.period_kind,
  m.period_start,
  m.price_median_eur,
  m.price_per_m2_median,
  round(m.price_median_eur / y.price_median_eur - 1, 4) as price_one_year_change,
  round(m.price_median_eur / f.price_median_eur - 1, 4) as price_five_year_change,
  round(m.price_per_m2_median / y.price_per_m2_median - 1, 4) as price_per_m2_one_year_change,
  round(m.price_per_m2_median / f.price_per_m2_median - 1, 4) as price_per_m2_five_year_change,
  round(m.sale_count::numeric / nullif(y.sale_count, 0) - 1, 4) as sale_count_one_year_change
from app_public.market_stats as m
left join app_public.market_stats as y
  on y.area_level = m.area_level
    and y.area_code = m.area_code
    and y.property_type = m.property_type
    and y.nature = m.nature
    and y.period_kind = m.period_kind
    and y.period_start = (m.period_start - interval '1 year')::date
    and y.price_median_eur is not null
left join app_public.market_stats as f
  on f.area_level = m.area_level
    and f.area_code = m.area_code
    and f.property_type = m.property_type
    and f.nature = m.nature
    and f.period_kind = m.period_kind
    and f.period_start = (m.period_start - interval '5 years')::date
    and f.price_median_eur is not null
where m.price_median_eur is not null
  and (y.area_code is not null or f.area_code is not null);

create unique index market_changes_key
  on app_public.market_changes (area_level, area_code, property_type, nature, period_kind, period_start);
