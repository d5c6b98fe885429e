create function app_private.place_homes(run integer, params jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  seen integer;
  placed integer;
  codes text[];
  types app_base.property_type[];
begin
  perform set_config('parcelle.actor', 'enrichment_property', true);
  with
    homes as materialized (
      select l.id, l.city_name, l.postal_code, l.property_type
      from app_public.properties_live as l
      where l.id between (params ->> 'from_id')::bigint and (params ->> 'to_id')::bigint and l.insee_code is null
        and (l.city_name is not null or l.postal_code is not null)
    ),
    places as materialized (
      select p.*
      from (select array_agg(h.city_name) as cities, array_agg(h.postal_code) as codes
        from (select distinct h.city_name, h.postal_code from homes as h) as h) as h
      cross join lateral app_private.resolve_places(h.cities, h.codes, array_fill(null::text, array[cardinality(h.cities)])) as p
      where p.insee_code is not null
    ),
    changed as (
      update app_public.properties_live as l
      set insee_code = p.insee_code, department_code = p.department_code, city_confidence = p.city_confidence,
        updated_at = clock_timestamp()
      from homes as h
      join places as p on p.city_said is not distinct from h.city_name
        and p.postal_code_said is not distinct from h.postal_code
      where l.id = h.id
      returning l.insee_code, l.property_type
    )
  select (select count(*) from homes), count(*), array_agg(c.insee_code), array_agg(c.property_type)
  into seen, placed, codes, types
  from changed as c;
  if placed > 0 then
    perform app_private.recompute_listing_stats(codes, types);
  end if;
  return jsonb_build_object('item_count', placed, 'failed_item_count', seen - placed);
end
$$;

comment on function app_private.place_homes(integer, jsonb) is $$
Stage: looks for the communes of the homes `from_id` to `to_id` that have none, with what is known of communes today,
as a sync does. Homes that stay without one count as failed items; the others have their statistics recomputed.
$$;
