-- A year counts for a place once it has a sale in each of its months: a year cut short would make its last months
-- look like a season.

create materialized view app_public.market_seasonality as
with
  months as (
    select
      m.area_level, m.area_code, m.property_type, m.nature,
      extract(month from m.period_start)::integer as month_of_year,
      date_trunc('year', m.period_start)::date as year_start,
      m.sale_count, m.price_per_m2_median,
      count(*) over (
        partition by m.area_level, m.area_code, m.property_type, m.nature, date_trunc('year', m.period_start)
      ) as month_count
    from app_public.market_stats as m
    where m.period_kind = 'month'
  )
select
  m.area_level,
  m.area_code,
  m.property_type,
  m.nature,
  m.month_of_year,
  count(*)::integer as year_count,
  sum(m.sale_count)::integer as sale_count,
  round(sum(m.sale_count) * 12.0 / sum(y.sale_count), 3) as sale_count_index,
  round(avg(m.price_per_m2_median / y.price_per_m2_median), 3) as price_per_m2_index
from months as m
join app_public.market_stats as y
  on y.area_level = m.area_level
    and y.area_code = m.area_code
    and y.property_type = m.property_type
    and y.nature = m.nature
    and y.period_kind = 'year'
    and y.period_start = m.year_start
where m.month_count = 12
group by m.area_level, m.area_code, m.property_type, m.nature, m.month_of_year;

create unique index market_seasonality_key
  on app_public.market_seasonality (area_level, area_code, property_type, nature, month_of_year);
