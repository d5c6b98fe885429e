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

comment on materialized view app_public.market_seasonality is $$
How the months of the year differ: sales against an average month, price per m² against its year; 1 is the average.

Over the years in which the place had a sale in every month.

    select month_of_year, sale_count_index from app_public.market_seasonality
    where area_level = 'nation' and property_type = 'house' and nature = 'sale';
$$;
comment on column app_public.market_seasonality.area_level is 'Commune, department, region or nation.';
comment on column app_public.market_seasonality.area_code is 'INSEE code, code of the department or region, or FR.';
comment on column app_public.market_seasonality.property_type is 'What was sold.';
comment on column app_public.market_seasonality.nature is 'Kind of transfer.';
comment on column app_public.market_seasonality.month_of_year is 'Month, 1 to 12.';
comment on column app_public.market_seasonality.year_count is 'Years it rests on.';
comment on column app_public.market_seasonality.sale_count is 'Sales in that month over these years.';
comment on column app_public.market_seasonality.sale_count_index is 'Sales against an average month of the same years.';
comment on column app_public.market_seasonality.price_per_m2_index is
  'Mean over the years of the median price per m² of the month against that of the year; null where no month has five sales.';

grant select on app_public.market_seasonality to app_visitor, app_analyst;
