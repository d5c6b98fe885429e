-- Every stored column is named, so that a column added to the table without being added here is found by the test that
-- compares the two.

create function app_private.restore_homes(
  out deleted_count integer, out restored_count integer, out reinserted_count integer
)
language plpgsql
volatile
set enable_nestloop = off
set search_path = pg_catalog, pg_temp
as $$
begin
  delete from app_public.properties_live as l
  using pg_temp.undo_homes as u
  where l.id = u.property_id and (u.before).id is null and not u.is_conflict;
  get diagnostics deleted_count = row_count;

  -- A field somebody else has changed since keeps what they wrote; without a conflict there is none.
  update app_public.properties_live as l
  set
    source_id = case when l.source_id is not distinct from (u.after).source_id then (u.before).source_id else l.source_id end,
    source_key = case when l.source_key is not distinct from (u.after).source_key then (u.before).source_key else l.source_key end,
    property_url = case when l.property_url is not distinct from (u.after).property_url then (u.before).property_url else l.property_url end,
    status = case when l.status is not distinct from (u.after).status then (u.before).status else l.status end,
    title = case when l.title is not distinct from (u.after).title then (u.before).title else l.title end,
    address = case when l.address is not distinct from (u.after).address then (u.before).address else l.address end,
    street_number = case when l.street_number is not distinct from (u.after).street_number then (u.before).street_number else l.street_number end,
    street_suffix = case when l.street_suffix is not distinct from (u.after).street_suffix then (u.before).street_suffix else l.street_suffix end,
    street_type = case when l.street_type is not distinct from (u.after).street_type then (u.before).street_type else l.street_type end,
    street_name = case when l.street_name is not distinct from (u.after).street_name then (u.before).street_name else l.street_name end,
    address_key = case when l.address_key is not distinct from (u.after).address_key then (u.before).address_key else l.address_key end,
    postal_code = case when l.postal_code is not distinct from (u.after).postal_code then (u.before).postal_code else l.postal_code end,
    city_name = case when l.city_name is not distinct from (u.after).city_name then (u.before).city_name else l.city_name end,
    insee_code = case when l.insee_code is not distinct from (u.after).insee_code then (u.before).insee_code else l.insee_code end,
    department_code = case when l.department_code is not distinct from (u.after).department_code then (u.before).department_code else l.department_code end,
    city_confidence = case when l.city_confidence is not distinct from (u.after).city_confidence then (u.before).city_confidence else l.city_confidence end,
    parcel_id = case when l.parcel_id is not distinct from (u.after).parcel_id then (u.before).parcel_id else l.parcel_id end,
    property_type = case when l.property_type is not distinct from (u.after).property_type then (u.before).property_type else l.property_type end,
    price_eur = case when l.price_eur is not distinct from (u.after).price_eur then (u.before).price_eur else l.price_eur end,
    surface_m2 = case when l.surface_m2 is not distinct from (u.after).surface_m2 then (u.before).surface_m2 else l.surface_m2 end,
    land_surface_m2 = case when l.land_surface_m2 is not distinct from (u.after).land_surface_m2 then (u.before).land_surface_m2 else l.land_surface_m2 end,
    room_count = case when l.room_count is not distinct from (u.after).room_count then (u.before).room_count else l.room_count end,
    bedroom_count = case when l.bedroom_count is not distinct from (u.after).bedroom_count then (u.before).bedroom_count else l.bedroom_count end,
    floor_no = case when l.floor_no is not distinct from (u.after).floor_no then (u.before).floor_no else l.floor_no end,
    built_year = case when l.built_year is not distinct from (u.after).built_year then (u.before).built_year else l.built_year end,
    dpe_number = case when l.dpe_number is not distinct from (u.after).dpe_number then (u.before).dpe_number else l.dpe_number end,
    dpe_class = case when l.dpe_class is not distinct from (u.after).dpe_class then (u.before).dpe_class else l.dpe_class end,
    dpe_kwh_m2 = case when l.dpe_kwh_m2 is not distinct from (u.after).dpe_kwh_m2 then (u.before).dpe_kwh_m2 else l.dpe_kwh_m2 end,
    ghg_class = case when l.ghg_class is not distinct from (u.after).ghg_class then (u.before).ghg_class else l.ghg_class end,
    ghg_kgco2_m2 = case when l.ghg_kgco2_m2 is not distinct from (u.after).ghg_kgco2_m2 then (u.before).ghg_kgco2_m2 else l.ghg_kgco2_m2 end,
    listed_on = case when l.listed_on is not distinct from (u.after).listed_on then (u.before).listed_on else l.listed_on end,
    sold_on = case when l.sold_on is not distinct from (u.after).sold_on then (u.before).sold_on else l.sold_on end,
    longitude = case when l.longitude is not distinct from (u.after).longitude then (u.before).longitude else l.longitude end,
    latitude = case when l.latitude is not distinct from (u.after).latitude then (u.before).latitude else l.latitude end,
    agency_name = case when l.agency_name is not distinct from (u.after).agency_name then (u.before).agency_name else l.agency_name end,
    contact_phone = case when l.contact_phone is not distinct from (u.after).contact_phone then (u.before).contact_phone else l.contact_phone end,
    contact_email = case when l.contact_email is not distinct from (u.after).contact_email then (u.before).contact_email else l.contact_email end,
    description = case when l.description is not distinct from (u.after).description then (u.before).description else l.description end,
    raw_fingerprint = case when l.raw_fingerprint is not distinct from (u.after).raw_fingerprint then (u.before).raw_fingerprint else l.raw_fingerprint end,
    quality_score = case when l.quality_score is not distinct from (u.after).quality_score then (u.before).quality_score else l.quality_score end,
    completeness = case when l.completeness is not distinct from (u.after).completeness then (u.before).completeness else l.completeness end,
    failed_rule_ids = case when l.failed_rule_ids is not distinct from (u.after).failed_rule_ids then (u.before).failed_rule_ids else l.failed_rule_ids end,
    missed_count = case when l.missed_count is not distinct from (u.after).missed_count then (u.before).missed_count else l.missed_count end,
    missing_since = case when l.missing_since is not distinct from (u.after).missing_since then (u.before).missing_since else l.missing_since end,
    session_id = case when l.session_id is not distinct from (u.after).session_id then (u.before).session_id else l.session_id end,
    created_at = case when l.created_at is not distinct from (u.after).created_at then (u.before).created_at else l.created_at end,
    updated_at = case when l.updated_at is not distinct from (u.after).updated_at then (u.before).updated_at else l.updated_at end
  from pg_temp.undo_homes as u
  where l.id = u.property_id and (u.before).id is not null and (u.after).id is not null;
  get diagnostics restored_count = row_count;

  insert into app_public.properties_live (
    id, source_id, source_key, property_url, status, title, address, street_number, street_suffix,
    street_type, street_name, address_key, postal_code, city_name, insee_code, department_code,
    city_confidence, parcel_id, property_type, price_eur, surface_m2, land_surface_m2, room_count,
    bedroom_count, floor_no, built_year, dpe_number, dpe_class, dpe_kwh_m2, ghg_class, ghg_kgco2_m2,
    listed_on, sold_on, longitude, latitude, agency_name, contact_phone, contact_email, description,
    raw_fingerprint, quality_score, completeness, failed_rule_ids, missed_count, missing_since, session_id,
    created_at, updated_at
  )
  select
    (u.before).id, (u.before).source_id, (u.before).source_key, (u.before).property_url, (u.before).status,
    (u.before).title, (u.before).address, (u.before).street_number, (u.before).street_suffix,
    (u.before).street_type, (u.before).street_name, (u.before).address_key, (u.before).postal_code,
    (u.before).city_name, (u.before).insee_code, (u.before).department_code, (u.before).city_confidence,
    (u.before).parcel_id, (u.before).property_type, (u.before).price_eur, (u.before).surface_m2,
    (u.before).land_surface_m2, (u.before).room_count, (u.before).bedroom_count, (u.before).floor_no,
    (u.before).built_year, (u.before).dpe_number, (u.before).dpe_class, (u.before).dpe_kwh_m2,
    (u.before).ghg_class, (u.before).ghg_kgco2_m2, (u.before).listed_on, (u.before).sold_on,
    (u.before).longitude, (u.before).latitude, (u.before).agency_name, (u.before).contact_phone,
    (u.before).contact_email, (u.before).description, (u.before).raw_fingerprint, (u.before).quality_score,
    (u.before).completeness, (u.before).failed_rule_ids, (u.before).missed_count, (u.before).missing_since,
    (u.before).session_id, (u.before).created_at, (u.before).updated_at
  from pg_temp.undo_homes as u
  where (u.before).id is not null and (u.after).id is null and not u.is_conflict;
  get diagnostics reinserted_count = row_count;
end
$$;

comment on function app_private.restore_homes() is $$
Brings the homes in pg_temp.undo_homes back to how they stood before a session: those it inserted are deleted, those it
changed restored, those it deleted inserted again under their ids. Where a home was changed since, only the fields that
still are as the session left them. How many of each.
$$;
