-- Without `set`, so that the planner writes it in place of the call. Generated columns follow from the others; that of
-- type point could not be compared.

create function app_private.is_same_home(one app_public.properties_live, other app_public.properties_live)
returns boolean
language sql
immutable
as $$
  select
    row(
      one.id, one.source_id, one.source_key, one.property_url, one.status, one.title, one.address,
      one.street_number, one.street_suffix, one.street_type, one.street_name, one.address_key,
      one.postal_code, one.city_name, one.insee_code, one.department_code, one.city_confidence,
      one.parcel_id, one.property_type, one.price_eur, one.surface_m2, one.land_surface_m2, one.room_count,
      one.bedroom_count, one.floor_no, one.built_year, one.dpe_number, one.dpe_class, one.dpe_kwh_m2,
      one.ghg_class, one.ghg_kgco2_m2, one.listed_on, one.sold_on, one.longitude, one.latitude,
      one.agency_name, one.contact_phone, one.contact_email, one.description, one.raw_fingerprint,
      one.quality_score, one.completeness, one.failed_rule_ids, one.missed_count, one.missing_since,
      one.session_id, one.created_at, one.updated_at
    ) is not distinct from row(
      other.id, other.source_id, other.source_key, other.property_url, other.status, other.title,
      other.address, other.street_number, other.street_suffix, other.street_type, other.street_name,
      other.address_key, other.postal_code, other.city_name, other.insee_code, other.department_code,
      other.city_confidence, other.parcel_id, other.property_type, other.price_eur, other.surface_m2,
      other.land_surface_m2, other.room_count, other.bedroom_count, other.floor_no, other.built_year,
      other.dpe_number, other.dpe_class, other.dpe_kwh_m2, other.ghg_class, other.ghg_kgco2_m2,
      other.listed_on, other.sold_on, other.longitude, other.latitude, other.agency_name,
      other.contact_phone, other.contact_email, other.description, other.raw_fingerprint,
      other.quality_score, other.completeness, other.failed_rule_ids, other.missed_count,
      other.missing_since, other.session_id, other.created_at, other.updated_at
    )
$$;

comment on function app_private.is_same_home(app_public.properties_live, app_public.properties_live) is $$
Whether two states of a home are the same in every stored column.
$$;
