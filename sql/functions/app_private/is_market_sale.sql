-- A price says something about a market only when it was agreed on one (neither an exchange nor an
-- expropriation) and belongs to one thing: a block price is no flat's price. What is partial or ambiguous is
-- left out altogether rather than half-counted, as it is for the price per m².
-- Without `set`, so that it is inlined into scans of the whole ledger.

create function app_private.is_market_sale(sale app_public.transactions)
returns boolean
language sql
immutable
parallel safe
return
  (sale).price_eur is not null
  and (sale).nature in ('sale', 'off_plan_sale', 'auction')
  and not (sale).mutation_is_partial
  and (sale).identity_basis <> 'ambiguous'
  and (
    (sale).property_type in ('land', 'commercial')
    or (sale).property_type in ('house', 'flat')
      and (sale).house_count + (sale).flat_count = 1
      and (sale).commercial_count = 0
      and (sale).is_count_certain
  );

comment on function app_private.is_market_sale(app_public.transactions) is $$
Whether market statistics count a sale.

Sales, off-plan sales and auctions with a price; one certain house or flat without commercial premises, or land, or
commercial premises; neither partial nor ambiguous.
$$;
