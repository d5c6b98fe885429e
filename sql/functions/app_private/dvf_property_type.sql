-- Without `set`, so that it is inlined into the grouping of a million lines.

create function app_private.dvf_property_type(
  house_count integer, flat_count integer, commercial_count integer, annex_count integer,
  land_surface_m2 integer, nature app_base.mutation_nature
)
returns app_base.property_type
language sql
immutable
return case
  when house_count > 0 and flat_count + commercial_count = 0 then 'house'::app_base.property_type
  when flat_count > 0 and house_count + commercial_count = 0 then 'flat'
  when commercial_count > 0 and house_count + flat_count = 0 then 'commercial'
  when house_count + flat_count + commercial_count > 0 then 'mixed'
  when annex_count > 0 then 'annex'
  when land_surface_m2 > 0 and nature <> 'off_plan_sale' then 'land'
  else 'unspecified'
end;

comment on function app_private.dvf_property_type(
  integer, integer, integer, integer, integer, app_base.mutation_nature) is $$
What a mutation sold: houses, flats or commercial premises (annexes beside them do not count), a mix of
these, annexes alone, bare land; off-plan sales whose lines name no premises are unspecified.
$$;
