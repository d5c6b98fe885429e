-- Without `set`, so that it is inlined into the grouping of a million lines.

create function app_private.dvf_price_per_m2_reason(
  price_cents bigint, nature app_base.mutation_nature, basis app_base.identity_basis, is_partial boolean,
  dwelling_count integer, commercial_count integer, is_count_certain boolean, dwelling_surface_m2 integer
)
returns app_base.price_per_m2_reason
language sql
immutable
return case
  when price_cents is null then 'no_price'::app_base.price_per_m2_reason
  when nature not in ('sale', 'off_plan_sale', 'auction') then 'not_a_market_sale'
  when basis = 'ambiguous' then 'ambiguous_mutation'
  when is_partial then 'partial_mutation'
  when commercial_count > 0 then 'commercial_premises'
  when dwelling_count = 0 then 'no_dwelling'
  when dwelling_count > 1 then 'several_dwellings'
  when not is_count_certain then 'uncertain_count'
  when dwelling_surface_m2 is null then 'no_surface'
end;

comment on function app_private.dvf_price_per_m2_reason(
  bigint, app_base.mutation_nature, app_base.identity_basis, boolean, integer, integer, boolean, integer) is $$
Why a mutation has no meaningful price per square metre, or null when it has one: a priced market sale of
exactly one dwelling whose lines decide (annexes allowed).
$$;
