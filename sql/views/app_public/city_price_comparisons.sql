create view app_public.city_price_comparisons with (security_invoker) as
select
  a.insee_code,
  c.name as city,
  c.department_code,
  a.property_type,
  e.code as source,
  e.price_per_m2 as source_price_per_m2,
  e.stated_on as source_stated_on,
  l.price_per_m2 as ledger_price_per_m2,
  l.sale_count as ledger_sale_count,
  l.period_from as ledger_from,
  l.period_to as ledger_to,
  round(e.price_per_m2 / l.price_per_m2 - 1, 4) as difference,
  c.last_scraped_at
from (select distinct p.insee_code, p.property_type from app_public.city_prices as p) as a
join app_public.cities as c on c.insee_code = a.insee_code
left join (
  select p.*
  from app_public.city_prices as p
  join app_public.sources as s on s.id = p.source_id
  where s.code = 'dvf'
) as l on l.insee_code = a.insee_code and l.property_type = a.property_type
left join (
  select p.*, s.code
  from app_public.city_prices as p
  join app_public.sources as s on s.id = p.source_id
  where s.code <> 'dvf'
) as e on e.insee_code = a.insee_code and e.property_type = a.property_type;

comment on view app_public.city_price_comparisons is $$
What a square metre costs in a city by a source's page and by our own ledger, side by side. One row per city, type and
source; `source` is null where only the ledger speaks.

    select source_price_per_m2, ledger_price_per_m2, difference from city_price_comparisons
    where insee_code = '35238' and property_type = 'flat';
$$;
comment on column app_public.city_price_comparisons.insee_code is 'The commune or arrondissement.';
comment on column app_public.city_price_comparisons.city is 'Its name.';
comment on column app_public.city_price_comparisons.department_code is 'Its department.';
comment on column app_public.city_price_comparisons.property_type is 'flat or house.';
comment on column app_public.city_price_comparisons.source is 'Code of the source whose page was read.';
comment on column app_public.city_price_comparisons.source_price_per_m2 is 'Average on that page, €/m².';
comment on column app_public.city_price_comparisons.source_stated_on is 'The day it was read.';
comment on column app_public.city_price_comparisons.ledger_price_per_m2 is
  'Mean of the ledger''s market sales in the latest year that has five, €/m².';
comment on column app_public.city_price_comparisons.ledger_sale_count is 'Sales it is the mean of.';
comment on column app_public.city_price_comparisons.ledger_from is 'First day of that year.';
comment on column app_public.city_price_comparisons.ledger_to is 'Last day of that year.';
comment on column app_public.city_price_comparisons.difference is
  'By how much the page says more than the ledger, as a fraction: 0.05 is +5 %.';
comment on column app_public.city_price_comparisons.last_scraped_at is 'When the city was refreshed last.';

grant select on app_public.city_price_comparisons to app_visitor, app_analyst;
