-- A price says something about a market only when it was agreed on one (neither an exchange nor an
-- expropriation) and belongs to one thing: a block price is no flat's price. What is partial or ambiguous is
-- left out altogether rather than half-counted, as it is for the price per m².
-- Without `set`, so that it is inlined into scans of the whole ledger.

create function app_private.is_counted_sale(
  has_price boolean, nature app_base.mutation_nature, basis app_base.identity_basis, is_partial boolean,
  property_type app_base.property_type, dwelling_count integer, commercial_count integer, is_count_certain boolean
)
returns boolean
language sql
immutable
parallel safe
return
  has_price
  and nature in ('sale', 'off_plan_sale', 'auction')
  and not is_partial
  and basis <> 'ambiguous'
  and (
    property_type in ('land', 'commercial')
    or property_type in ('house', 'flat')
      and dwelling_count = 1
      and commercial_count = 0
      and is_count_certain
  );

comment on function app_private.is_counted_sale(
  boolean, app_base.mutation_nature, app_base.identity_basis, boolean, app_base.property_type, integer, integer,
  boolean) is $$
Whether market statistics count a sale that these things are known of.

Sales, off-plan sales and auctions with a price; one certain house or flat without commercial premises, or land, or
commercial premises; neither partial nor ambiguous.
$$;
