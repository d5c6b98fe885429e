-- Without `set`, so that the planner writes it in place of the call.

create function app_private.changed_fields(old app_public.properties_live, new app_public.properties_live)
returns text[]
language sql
immutable
as $$
  select array_remove(array[
    case when old.source_id is distinct from new.source_id then 'source_id' end,
    case when old.source_key is distinct from new.source_key then 'source_key' end,
    case when old.property_url is distinct from new.property_url then 'property_url' end,
    case when old.status is distinct from new.status then 'status' end,
    case when old.title is distinct from new.title then 'title' end,
    case when old.address is distinct from new.address then 'address' end,
    case when old.postal_code is distinct from new.postal_code then 'postal_code' end,
    case when old.city_name is distinct from new.city_name then 'city_name' end,
    case when old.insee_code is distinct from new.insee_code then 'insee_code' end,
    case when old.parcel_id is distinct from new.parcel_id then 'parcel_id' end,
    case when old.property_type is distinct from new.property_type then 'property_type' end,
    case when old.price_eur is distinct from new.price_eur then 'price_eur' end,
    case when old.surface_m2 is distinct from new.surface_m2 then 'surface_m2' end,
    case when old.land_surface_m2 is distinct from new.land_surface_m2 then 'land_surface_m2' end,
    case when old.room_count is distinct from new.room_count then 'room_count' end,
    case when old.bedroom_count is distinct from new.bedroom_count then 'bedroom_count' end,
    case when old.floor_no is distinct from new.floor_no then 'floor_no' end,
    case when old.built_year is distinct from new.built_year then 'built_year' end,
    case when old.dpe_number is distinct from new.dpe_number then 'dpe_number' end,
    case when old.dpe_class is distinct from new.dpe_class then 'dpe_class' end,
    case when old.dpe_kwh_m2 is distinct from new.dpe_kwh_m2 then 'dpe_kwh_m2' end,
    case when old.ghg_class is distinct from new.ghg_class then 'ghg_class' end,
    case when old.ghg_kgco2_m2 is distinct from new.ghg_kgco2_m2 then 'ghg_kgco2_m2' end,
    case when old.listed_on is distinct from new.listed_on then 'listed_on' end,
    case when old.sold_on is distinct from new.sold_on then 'sold_on' end,
    case when old.longitude is distinct from new.longitude then 'longitude' end,
    case when old.latitude is distinct from new.latitude then 'latitude' end,
    case when old.agency_name is distinct from new.agency_name then 'agency_name' end,
    case when old.contact_phone is distinct from new.contact_phone then 'contact_phone' end,
    case when old.contact_email is distinct from new.contact_email then 'contact_email' end,
    case when old.description is distinct from new.description then 'description' end
  ], null)
$$;

comment on function app_private.changed_fields(app_public.properties_live, app_public.properties_live) is $$
The fields in which two states of a home differ, by name. What is no content is left out: counters, scores,
fingerprints, instants, and what is derived from other columns.
$$;
