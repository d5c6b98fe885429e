-- Without `set`, so that the planner writes it in place of the call. Which fields differ is told first, and
-- only those are turned into values.
-- requires: sql/functions/app_private/changed_fields.sql
-- requires: sql/functions/app_private/personal_digest.sql

create function app_private.home_differences(old app_public.properties_live, new app_public.properties_live)
returns table (field_name text, old_value jsonb, new_value jsonb, magnitude real)
language sql
stable
as $$
  select
    d.field_name,
    case d.field_name
      when 'source_id' then to_jsonb(old.source_id)
      when 'source_key' then to_jsonb(old.source_key)
      when 'property_url' then to_jsonb(old.property_url)
      when 'status' then to_jsonb(old.status)
      when 'title' then to_jsonb(old.title)
      when 'address' then to_jsonb(old.address)
      when 'postal_code' then to_jsonb(old.postal_code)
      when 'city_name' then to_jsonb(old.city_name)
      when 'insee_code' then to_jsonb(old.insee_code)
      when 'parcel_id' then to_jsonb(old.parcel_id)
      when 'property_type' then to_jsonb(old.property_type)
      when 'price_eur' then to_jsonb(old.price_eur)
      when 'surface_m2' then to_jsonb(old.surface_m2)
      when 'land_surface_m2' then to_jsonb(old.land_surface_m2)
      when 'room_count' then to_jsonb(old.room_count)
      when 'bedroom_count' then to_jsonb(old.bedroom_count)
      when 'floor_no' then to_jsonb(old.floor_no)
      when 'built_year' then to_jsonb(old.built_year)
      when 'dpe_number' then to_jsonb(old.dpe_number)
      when 'dpe_class' then to_jsonb(old.dpe_class)
      when 'dpe_kwh_m2' then to_jsonb(old.dpe_kwh_m2)
      when 'ghg_class' then to_jsonb(old.ghg_class)
      when 'ghg_kgco2_m2' then to_jsonb(old.ghg_kgco2_m2)
      when 'listed_on' then to_jsonb(old.listed_on)
      when 'sold_on' then to_jsonb(old.sold_on)
      when 'longitude' then to_jsonb(old.longitude)
      when 'latitude' then to_jsonb(old.latitude)
      when 'agency_name' then to_jsonb(old.agency_name)
      when 'contact_phone' then to_jsonb(app_private.personal_digest(old.contact_phone))
      when 'contact_email' then to_jsonb(app_private.personal_digest(old.contact_email))
      when 'description' then to_jsonb(old.description)
    end,
    case d.field_name
      when 'source_id' then to_jsonb(new.source_id)
      when 'source_key' then to_jsonb(new.source_key)
      when 'property_url' then to_jsonb(new.property_url)
      when 'status' then to_jsonb(new.status)
      when 'title' then to_jsonb(new.title)
      when 'address' then to_jsonb(new.address)
      when 'postal_code' then to_jsonb(new.postal_code)
      when 'city_name' then to_jsonb(new.city_name)
      when 'insee_code' then to_jsonb(new.insee_code)
      when 'parcel_id' then to_jsonb(new.parcel_id)
      when 'property_type' then to_jsonb(new.property_type)
      when 'price_eur' then to_jsonb(new.price_eur)
      when 'surface_m2' then to_jsonb(new.surface_m2)
      when 'land_surface_m2' then to_jsonb(new.land_surface_m2)
      when 'room_count' then to_jsonb(new.room_count)
      when 'bedroom_count' then to_jsonb(new.bedroom_count)
      when 'floor_no' then to_jsonb(new.floor_no)
      when 'built_year' then to_jsonb(new.built_year)
      when 'dpe_number' then to_jsonb(new.dpe_number)
      when 'dpe_class' then to_jsonb(new.dpe_class)
      when 'dpe_kwh_m2' then to_jsonb(new.dpe_kwh_m2)
      when 'ghg_class' then to_jsonb(new.ghg_class)
      when 'ghg_kgco2_m2' then to_jsonb(new.ghg_kgco2_m2)
      when 'listed_on' then to_jsonb(new.listed_on)
      when 'sold_on' then to_jsonb(new.sold_on)
      when 'longitude' then to_jsonb(new.longitude)
      when 'latitude' then to_jsonb(new.latitude)
      when 'agency_name' then to_jsonb(new.agency_name)
      when 'contact_phone' then to_jsonb(app_private.personal_digest(new.contact_phone))
      when 'contact_email' then to_jsonb(app_private.personal_digest(new.contact_email))
      when 'description' then to_jsonb(new.description)
    end,
    case d.field_name
      when 'title' then 1 - extensions.similarity(old.title, new.title)
      when 'address' then 1 - extensions.similarity(old.address, new.address)
      when 'price_eur' then
        case when old.price_eur > 0 and new.price_eur > 0 then abs(ln(new.price_eur::float8 / old.price_eur::float8)) end
      when 'surface_m2' then
        case when old.surface_m2 > 0 and new.surface_m2 > 0 then abs(ln(new.surface_m2::float8 / old.surface_m2::float8)) end
      when 'land_surface_m2' then
        case when old.land_surface_m2 > 0 and new.land_surface_m2 > 0 then abs(ln(new.land_surface_m2::float8 / old.land_surface_m2::float8)) end
      when 'longitude' then app_public.distance_m(old.longitude, old.latitude, new.longitude, new.latitude)
      when 'latitude' then app_public.distance_m(old.longitude, old.latitude, new.longitude, new.latitude)
      when 'agency_name' then 1 - extensions.similarity(old.agency_name, new.agency_name)
      when 'description' then 1 - extensions.similarity(old.description, new.description)
      else 1
    end::real
  from (select unnest(app_private.changed_fields(old, new)) as field_name) as d
$$;

comment on function app_private.home_differences(app_public.properties_live, app_public.properties_live) is $$
The fields in which two states of a home differ, with both values and the size of the step.

Columns that are no content (counters, scores, fingerprints, instants, what is derived from other columns) are left
out; contact_phone and contact_email stand as keyed digests. `magnitude` is |ln(new/old)| for price and surfaces, metres
for longitude and latitude, 1 − trigram similarity for title, address, agency and description, 1 for other fields; null
where an amount, a place or a text came from nothing or went to nothing.
$$;
