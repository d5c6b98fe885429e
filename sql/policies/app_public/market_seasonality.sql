comment on materialized view app_public.market_seasonality is $$
How the months of the year differ: sales against an average month, price per m² against its year; 1 is the average.

Over the years in which the place had a sale in every month.

    select month_of_year, sale_count_index from app_public.market_seasonality
    where area_level = 'nation' and property_type = 'house' and nature = 'sale';
$$;
comment on column app_public.market_seasonality.area_level is 'Commune, department, region or nation.';
comment on column app_public.market_seasonality.area_code is
  'INSEE code, code of the department or region, or FR.';
comment on column app_public.market_seasonality.property_type is 'What was sold.';
comment on column app_public.market_seasonality.nature is 'Kind of transfer.';
comment on column app_public.market_seasonality.month_of_year is 'Month, 1 to 12.';
comment on column app_public.market_seasonality.year_count is 'Years it rests on.';
comment on column app_public.market_seasonality.sale_count is 'Sales in that month over these years.';
comment on column app_public.market_seasonality.sale_count_index is
  'Sales against an average month of the same years.';
comment on column app_public.market_seasonality.price_per_m2_index is
  'Mean over the years of the median price per m² of the month against that of the year; null where no month has five sales.';

grant select on app_public.market_seasonality to app_visitor, app_analyst;
