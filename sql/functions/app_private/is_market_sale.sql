-- requires: sql/functions/app_private/is_counted_sale.sql
-- Without `set`, so that it is inlined into scans of the whole ledger.

create function app_private.is_market_sale(sale app_public.transactions)
returns boolean
language sql
immutable
parallel safe
return app_private.is_counted_sale(
  (sale).price_eur is not null, (sale).nature, (sale).identity_basis, (sale).mutation_is_partial,
  (sale).property_type, (sale).house_count + (sale).flat_count, (sale).commercial_count, (sale).is_count_certain
);

comment on function app_private.is_market_sale(app_public.transactions) is $$
Whether market statistics count a sale of the ledger; app_private.is_counted_sale says which they count.
$$;
