-- Without `set`, so that the planner writes it in place of the call. Which fields differ is told first, as numbers, and
-- only those are turned into values.
-- requires: sql/functions/app_private/personal_digest.sql

create function app_private.home_differences(old app_public.properties_live, new app_public.properties_live)
returns table (field_name text, old_value jsonb, new_value jsonb, magnitude real)
language sql
stable
as $$
  select
    (
      '{source_id,source_key,property_url,status,title,address,postal_code,city_name,insee_code,parcel_id,'
      'property_type,price_eur,surface_m2,land_surface_m2,room_count,bedroom_count,floor_no,built_year,'
      'dpe_number,dpe_class,dpe_kwh_m2,ghg_class,ghg_kgco2_m2,listed_on,sold_on,longitude,latitude,'
      'agency_name,contact_phone,contact_email,description}'
    ::text[])[d.no],
    case d.no
      when 1 then to_jsonb(old.source_id)
      when 2 then to_jsonb(old.source_key)
      when 3 then to_jsonb(old.property_url)
      when 4 then to_jsonb(old.status)
      when 5 then to_jsonb(old.title)
      when 6 then to_jsonb(old.address)
      when 7 then to_jsonb(old.postal_code)
      when 8 then to_jsonb(old.city_name)
      when 9 then to_jsonb(old.insee_code)
      when 10 then to_jsonb(old.parcel_id)
      when 11 then to_jsonb(old.property_type)
      when 12 then to_jsonb(old.price_eur)
      when 13 then to_jsonb(old.surface_m2)
      when 14 then to_jsonb(old.land_surface_m2)
      when 15 then to_jsonb(old.room_count)
      when 16 then to_jsonb(old.bedroom_count)
      when 17 then to_jsonb(old.floor_no)
      when 18 then to_jsonb(old.built_year)
      when 19 then to_jsonb(old.dpe_number)
      when 20 then to_jsonb(old.dpe_class)
      when 21 then to_jsonb(old.dpe_kwh_m2)
      when 22 then to_jsonb(old.ghg_class)
      when 23 then to_jsonb(old.ghg_kgco2_m2)
      when 24 then to_jsonb(old.listed_on)
      when 25 then to_jsonb(old.sold_on)
      when 26 then to_jsonb(old.longitude)
      when 27 then to_jsonb(old.latitude)
      when 28 then to_jsonb(old.agency_name)
      when 29 then to_jsonb(app_private.personal_digest(old.contact_phone))
      when 30 then to_jsonb(app_private.personal_digest(old.contact_email))
      when 31 then to_jsonb(old.description)
    end,
    case d.no
      when 1 then to_jsonb(new.source_id)
      when 2 then to_jsonb(new.source_key)
      when 3 then to_jsonb(new.property_url)
      when 4 then to_jsonb(new.status)
      when 5 then to_jsonb(new.title)
      when 6 then to_jsonb(new.address)
      when 7 then to_jsonb(new.postal_code)
      when 8 then to_jsonb(new.city_name)
      when 9 then to_jsonb(new.insee_code)
      when 10 then to_jsonb(new.parcel_id)
      when 11 then to_jsonb(new.property_type)
      when 12 then to_jsonb(new.price_eur)
      when 13 then to_jsonb(new.surface_m2)
      when 14 then to_jsonb(new.land_surface_m2)
      when 15 then to_jsonb(new.room_count)
      when 16 then to_jsonb(new.bedroom_count)
      when 17 then to_jsonb(new.floor_no)
      when 18 then to_jsonb(new.built_year)
      when 19 then to_jsonb(new.dpe_number)
      when 20 then to_jsonb(new.dpe_class)
      when 21 then to_jsonb(new.dpe_kwh_m2)
      when 22 then to_jsonb(new.ghg_class)
      when 23 then to_jsonb(new.ghg_kgco2_m2)
      when 24 then to_jsonb(new.listed_on)
      when 25 then to_jsonb(new.sold_on)
      when 26 then to_jsonb(new.longitude)
      when 27 then to_jsonb(new.latitude)
      when 28 then to_jsonb(new.agency_name)
      when 29 then to_jsonb(app_private.personal_digest(new.contact_phone))
      when 30 then to_jsonb(app_private.personal_digest(new.contact_email))
      when 31 then to_jsonb(new.description)
    end,
    case d.no
      when 1 then case when old.source_id is not null and new.source_id is not null then 1 end
      when 2 then case when old.source_key is not null and new.source_key is not null then 1 end
      when 3 then case when old.property_url is not null and new.property_url is not null then 1 end
      when 4 then case when old.status is not null and new.status is not null then 1 end
      when 5 then 1 - extensions.similarity(old.title, new.title)
      when 6 then 1 - extensions.similarity(old.address, new.address)
      when 7 then case when old.postal_code is not null and new.postal_code is not null then 1 end
      when 8 then case when old.city_name is not null and new.city_name is not null then 1 end
      when 9 then case when old.insee_code is not null and new.insee_code is not null then 1 end
      when 10 then case when old.parcel_id is not null and new.parcel_id is not null then 1 end
      when 11 then case when old.property_type is not null and new.property_type is not null then 1 end
      when 12 then case when old.price_eur > 0 and new.price_eur > 0 then abs(ln(new.price_eur::float8 / old.price_eur::float8)) end
      when 13 then case when old.surface_m2 > 0 and new.surface_m2 > 0 then abs(ln(new.surface_m2::float8 / old.surface_m2::float8)) end
      when 14 then case when old.land_surface_m2 > 0 and new.land_surface_m2 > 0 then abs(ln(new.land_surface_m2::float8 / old.land_surface_m2::float8)) end
      when 15 then case when old.room_count is not null and new.room_count is not null then 1 end
      when 16 then case when old.bedroom_count is not null and new.bedroom_count is not null then 1 end
      when 17 then case when old.floor_no is not null and new.floor_no is not null then 1 end
      when 18 then case when old.built_year is not null and new.built_year is not null then 1 end
      when 19 then case when old.dpe_number is not null and new.dpe_number is not null then 1 end
      when 20 then case when old.dpe_class is not null and new.dpe_class is not null then 1 end
      when 21 then case when old.dpe_kwh_m2 is not null and new.dpe_kwh_m2 is not null then 1 end
      when 22 then case when old.ghg_class is not null and new.ghg_class is not null then 1 end
      when 23 then case when old.ghg_kgco2_m2 is not null and new.ghg_kgco2_m2 is not null then 1 end
      when 24 then case when old.listed_on is not null and new.listed_on is not null then 1 end
      when 25 then case when old.sold_on is not null and new.sold_on is not null then 1 end
      when 26 then app_public.distance_m(old.longitude, old.latitude, new.longitude, new.latitude)
      when 27 then app_public.distance_m(old.longitude, old.latitude, new.longitude, new.latitude)
      when 28 then 1 - extensions.similarity(old.agency_name, new.agency_name)
      when 29 then case when old.contact_phone is not null and new.contact_phone is not null then 1 end
      when 30 then case when old.contact_email is not null and new.contact_email is not null then 1 end
      when 31 then 1 - extensions.similarity(old.description, new.description)
    end::real
  from (
    select unnest(array_remove(array[
      case when old.source_id is distinct from new.source_id then 1 end,
      case when old.source_key is distinct from new.source_key then 2 end,
      case when old.property_url is distinct from new.property_url then 3 end,
      case when old.status is distinct from new.status then 4 end,
      case when old.title is distinct from new.title then 5 end,
      case when old.address is distinct from new.address then 6 end,
      case when old.postal_code is distinct from new.postal_code then 7 end,
      case when old.city_name is distinct from new.city_name then 8 end,
      case when old.insee_code is distinct from new.insee_code then 9 end,
      case when old.parcel_id is distinct from new.parcel_id then 10 end,
      case when old.property_type is distinct from new.property_type then 11 end,
      case when old.price_eur is distinct from new.price_eur then 12 end,
      case when old.surface_m2 is distinct from new.surface_m2 then 13 end,
      case when old.land_surface_m2 is distinct from new.land_surface_m2 then 14 end,
      case when old.room_count is distinct from new.room_count then 15 end,
      case when old.bedroom_count is distinct from new.bedroom_count then 16 end,
      case when old.floor_no is distinct from new.floor_no then 17 end,
      case when old.built_year is distinct from new.built_year then 18 end,
      case when old.dpe_number is distinct from new.dpe_number then 19 end,
      case when old.dpe_class is distinct from new.dpe_class then 20 end,
      case when old.dpe_kwh_m2 is distinct from new.dpe_kwh_m2 then 21 end,
      case when old.ghg_class is distinct from new.ghg_class then 22 end,
      case when old.ghg_kgco2_m2 is distinct from new.ghg_kgco2_m2 then 23 end,
      case when old.listed_on is distinct from new.listed_on then 24 end,
      case when old.sold_on is distinct from new.sold_on then 25 end,
      case when old.longitude is distinct from new.longitude then 26 end,
      case when old.latitude is distinct from new.latitude then 27 end,
      case when old.agency_name is distinct from new.agency_name then 28 end,
      case when old.contact_phone is distinct from new.contact_phone then 29 end,
      case when old.contact_email is distinct from new.contact_email then 30 end,
      case when old.description is distinct from new.description then 31 end
    ], null)) as no
  ) as d
$$;

comment on function app_private.home_differences(app_public.properties_live, app_public.properties_live) is $$
The fields in which two states of a home differ, with both values and the size of the step.

Columns that are no content (counters, scores, fingerprints, instants, what is derived from other columns) are left
out; contact_phone and contact_email stand as keyed digests. `magnitude` is |ln(new/old)| for price and surfaces, metres
for longitude and latitude, 1 − trigram similarity for title, address, agency and description, 1 for other fields; null
where there was or is nothing to compare.
$$;
