-- requires: sql/functions/app_private/is_market_sale.sql

create view app_private.market_sales with (security_invoker) as
select
  t.id,
  t.insee_code,
  t.parent_insee_code,
  t.department_code,
  t.property_type,
  t.nature,
  t.sold_on,
  t.price_eur,
  t.price_per_m2
from app_public.transactions as t
where app_private.is_market_sale(t);

comment on view app_private.market_sales is
  'The sales that market statistics count; app_private.is_market_sale says which.';
comment on column app_private.market_sales.id is 'The transaction.';
comment on column app_private.market_sales.insee_code is 'INSEE code of the commune or arrondissement.';
comment on column app_private.market_sales.parent_insee_code is
  'INSEE code of the whole city; null outside Paris, Lyon and Marseille.';
comment on column app_private.market_sales.department_code is 'Code of the department.';
comment on column app_private.market_sales.property_type is 'House, flat, land or commercial.';
comment on column app_private.market_sales.nature is 'Sale, off-plan sale or auction.';
comment on column app_private.market_sales.sold_on is 'Day of the sale.';
comment on column app_private.market_sales.price_eur is 'Price, €.';
comment on column app_private.market_sales.price_per_m2 is 'Price per m², €/m²; null where it means nothing.';
