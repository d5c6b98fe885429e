-- Without `set`, so that the planner writes it in place of the call.

create function app_private.promoted_home(staged app_public.staged_properties, live app_public.properties_live)
returns app_public.properties_live
language sql
immutable
as $$
  select row(
    live.id, live.source_id, live.source_key,
    staged.property_url, staged.status, staged.title, staged.address, staged.street_number,
    staged.street_suffix, staged.street_type, staged.street_name, staged.address_key, staged.postal_code,
    staged.city_name, staged.insee_code, staged.department_code, staged.city_confidence, staged.parcel_id,
    staged.property_type, staged.price_eur, staged.surface_m2, staged.land_surface_m2, staged.room_count,
    staged.bedroom_count, staged.floor_no, staged.built_year, staged.dpe_number, staged.dpe_class,
    staged.dpe_kwh_m2, staged.ghg_class, staged.ghg_kgco2_m2, staged.listed_on, staged.sold_on,
    staged.longitude, staged.latitude, staged.agency_name, staged.contact_phone, staged.contact_email,
    staged.description,
    live.price_per_m2, live.location, live.search, staged.raw_fingerprint, staged.quality_score, staged.completeness,
    staged.failed_rule_ids, 0::smallint, null::timestamptz, live.session_id, live.created_at, live.updated_at
  )::app_public.properties_live
$$;

comment on function app_private.promoted_home(app_public.staged_properties, app_public.properties_live) is $$
The live home as it will stand once a staged row has been promoted: what detect_changes compares with the present one.
$$;
