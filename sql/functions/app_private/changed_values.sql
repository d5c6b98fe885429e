-- Without `set`, so that the planner writes it in place of the call.

create function app_private.changed_values(old app_public.properties_live, new app_public.properties_live)
returns jsonb[]
language sql
stable
as $$
  select array_remove(array[
    case when old.source_id is distinct from new.source_id then jsonb_build_array('source_id', old.source_id, new.source_id) end,
    case when old.source_key is distinct from new.source_key then jsonb_build_array('source_key', old.source_key, new.source_key) end,
    case when old.property_url is distinct from new.property_url then jsonb_build_array('property_url', old.property_url, new.property_url) end,
    case when old.status is distinct from new.status then jsonb_build_array('status', old.status, new.status) end,
    case when old.title is distinct from new.title then jsonb_build_array('title', old.title, new.title) end,
    case when old.address is distinct from new.address then jsonb_build_array('address', old.address, new.address) end,
    case when old.postal_code is distinct from new.postal_code then jsonb_build_array('postal_code', old.postal_code, new.postal_code) end,
    case when old.city_name is distinct from new.city_name then jsonb_build_array('city_name', old.city_name, new.city_name) end,
    case when old.insee_code is distinct from new.insee_code then jsonb_build_array('insee_code', old.insee_code, new.insee_code) end,
    case when old.parcel_id is distinct from new.parcel_id then jsonb_build_array('parcel_id', old.parcel_id, new.parcel_id) end,
    case when old.property_type is distinct from new.property_type then jsonb_build_array('property_type', old.property_type, new.property_type) end,
    case when old.price_eur is distinct from new.price_eur then jsonb_build_array('price_eur', old.price_eur, new.price_eur) end,
    case when old.surface_m2 is distinct from new.surface_m2 then jsonb_build_array('surface_m2', old.surface_m2, new.surface_m2) end,
    case when old.land_surface_m2 is distinct from new.land_surface_m2 then jsonb_build_array('land_surface_m2', old.land_surface_m2, new.land_surface_m2) end,
    case when old.room_count is distinct from new.room_count then jsonb_build_array('room_count', old.room_count, new.room_count) end,
    case when old.bedroom_count is distinct from new.bedroom_count then jsonb_build_array('bedroom_count', old.bedroom_count, new.bedroom_count) end,
    case when old.floor_no is distinct from new.floor_no then jsonb_build_array('floor_no', old.floor_no, new.floor_no) end,
    case when old.built_year is distinct from new.built_year then jsonb_build_array('built_year', old.built_year, new.built_year) end,
    case when old.dpe_number is distinct from new.dpe_number then jsonb_build_array('dpe_number', old.dpe_number, new.dpe_number) end,
    case when old.dpe_class is distinct from new.dpe_class then jsonb_build_array('dpe_class', old.dpe_class, new.dpe_class) end,
    case when old.dpe_kwh_m2 is distinct from new.dpe_kwh_m2 then jsonb_build_array('dpe_kwh_m2', old.dpe_kwh_m2, new.dpe_kwh_m2) end,
    case when old.ghg_class is distinct from new.ghg_class then jsonb_build_array('ghg_class', old.ghg_class, new.ghg_class) end,
    case when old.ghg_kgco2_m2 is distinct from new.ghg_kgco2_m2 then jsonb_build_array('ghg_kgco2_m2', old.ghg_kgco2_m2, new.ghg_kgco2_m2) end,
    case when old.listed_on is distinct from new.listed_on then jsonb_build_array('listed_on', old.listed_on, new.listed_on) end,
    case when old.sold_on is distinct from new.sold_on then jsonb_build_array('sold_on', old.sold_on, new.sold_on) end,
    case when old.longitude is distinct from new.longitude then jsonb_build_array('longitude', old.longitude, new.longitude) end,
    case when old.latitude is distinct from new.latitude then jsonb_build_array('latitude', old.latitude, new.latitude) end,
    case when old.agency_name is distinct from new.agency_name then jsonb_build_array('agency_name', old.agency_name, new.agency_name) end,
    case when old.contact_phone is distinct from new.contact_phone then jsonb_build_array('contact_phone', old.contact_phone, new.contact_phone) end,
    case when old.contact_email is distinct from new.contact_email then jsonb_build_array('contact_email', old.contact_email, new.contact_email) end,
    case when old.description is distinct from new.description then jsonb_build_array('description', old.description, new.description) end
  ], null)
$$;

comment on function app_private.changed_values(app_public.properties_live, app_public.properties_live) is $$
The fields in which two states of a home differ, each as `[name, old value, new value]`, personal values among them.
What is no content is left out: counters, scores, fingerprints, instants, and what is derived from other columns.
$$;
