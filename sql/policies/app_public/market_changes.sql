comment on materialized view app_public.market_changes is $$
How medians moved over one year and over five: each period against the same period earlier, as a fraction (0.05 is +5 %).

Only where both periods have five sales. The newest months are not complete yet: see `estimate_completeness`.

    select period_start, price_per_m2_one_year_change from app_public.market_changes
    where area_level = 'department' and area_code = '35' and property_type = 'flat' and nature = 'sale'
      and period_kind = 'year';
$$;
comment on column app_public.market_changes.area_level is 'Commune, department, region or nation.';
comment on column app_public.market_changes.area_code is
  'INSEE code, code of the department or region, or FR.';
comment on column app_public.market_changes.property_type is 'What was sold.';
comment on column app_public.market_changes.nature is 'Kind of transfer.';
comment on column app_public.market_changes.period_kind is 'Month, quarter or year.';
comment on column app_public.market_changes.period_start is 'First day of the period.';
comment on column app_public.market_changes.price_median_eur is 'Median price of the period, €.';
comment on column app_public.market_changes.price_per_m2_median is 'Median price per m² of the period, €/m².';
comment on column app_public.market_changes.price_one_year_change is
  'Change of the median price over one year.';
comment on column app_public.market_changes.price_five_year_change is
  'Change of the median price over five years.';
comment on column app_public.market_changes.price_per_m2_one_year_change is
  'Change of the median price per m² over one year.';
comment on column app_public.market_changes.price_per_m2_five_year_change is
  'Change of the median price per m² over five years.';
comment on column app_public.market_changes.sale_count_one_year_change is
  'Change of the number of sales over one year.';

grant select on app_public.market_changes to app_visitor, app_analyst;
