-- requires: sql/functions/app_private/session_rows_filter.sql

create function app_private.merge_staged_homes(session app_public.scrape_sessions, applied_at timestamptz)
returns void
language plpgsql
volatile
set client_min_messages = warning
-- Never a scan of the homes for each row: the table grows under the statement, and what began empty would take hours.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
begin
  drop table if exists pg_temp.session_promoted;
  create temp table session_promoted (
    property_id bigint, is_new boolean, old_status app_base.property_status, new_status app_base.property_status,
    old_insee_code text collate "C", insee_code text collate "C",
    old_property_type app_base.property_type, property_type app_base.property_type
  ) on commit drop;
  execute format(
    'with promoted as (
      merge into app_public.properties_live as l
      using (select s.* from app_public.staged_properties as s where not s.is_quarantined and %1$s) as n
      on l.id = n.property_id
      when matched then update set
        property_url = n.property_url, status = n.status, title = n.title, address = n.address,
        street_number = n.street_number, street_suffix = n.street_suffix, street_type = n.street_type,
        street_name = n.street_name, address_key = n.address_key, postal_code = n.postal_code,
        city_name = n.city_name, insee_code = n.insee_code, department_code = n.department_code,
        city_confidence = n.city_confidence, parcel_id = n.parcel_id, property_type = n.property_type,
        price_eur = n.price_eur, surface_m2 = n.surface_m2, land_surface_m2 = n.land_surface_m2,
        room_count = n.room_count, bedroom_count = n.bedroom_count, floor_no = n.floor_no,
        built_year = n.built_year, dpe_number = n.dpe_number, dpe_class = n.dpe_class,
        dpe_kwh_m2 = n.dpe_kwh_m2, ghg_class = n.ghg_class, ghg_kgco2_m2 = n.ghg_kgco2_m2,
        listed_on = n.listed_on, sold_on = n.sold_on, longitude = n.longitude, latitude = n.latitude,
        agency_name = n.agency_name, contact_phone = n.contact_phone, contact_email = n.contact_email,
        description = n.description,
        raw_fingerprint = n.raw_fingerprint, quality_score = n.quality_score, completeness = n.completeness,
        failed_rule_ids = n.failed_rule_ids, missed_count = 0, missing_since = null, session_id = %2$L,
        updated_at = %3$L
      when not matched then insert (
        source_id, source_key,
        property_url, status, title, address, street_number, street_suffix, street_type, street_name,
        address_key, postal_code, city_name, insee_code, department_code, city_confidence, parcel_id,
        property_type, price_eur, surface_m2, land_surface_m2, room_count, bedroom_count, floor_no, built_year,
        dpe_number, dpe_class, dpe_kwh_m2, ghg_class, ghg_kgco2_m2, listed_on, sold_on, longitude, latitude,
        agency_name, contact_phone, contact_email, description,
        raw_fingerprint, quality_score, completeness, failed_rule_ids, session_id, created_at, updated_at
      )
      values (
        %4$s, n.source_key,
        n.property_url, n.status, n.title, n.address, n.street_number, n.street_suffix, n.street_type,
        n.street_name, n.address_key, n.postal_code, n.city_name, n.insee_code, n.department_code,
        n.city_confidence, n.parcel_id, n.property_type, n.price_eur, n.surface_m2, n.land_surface_m2,
        n.room_count, n.bedroom_count, n.floor_no, n.built_year, n.dpe_number, n.dpe_class, n.dpe_kwh_m2,
        n.ghg_class, n.ghg_kgco2_m2, n.listed_on, n.sold_on, n.longitude, n.latitude, n.agency_name,
        n.contact_phone, n.contact_email, n.description,
        n.raw_fingerprint, n.quality_score, n.completeness, n.failed_rule_ids, %2$L, %3$L, %3$L
      )
      returning merge_action() as action, new.id, old.status as old_status, new.status as new_status,
        old.insee_code as old_insee_code, new.insee_code as new_insee_code,
        old.property_type as old_property_type, new.property_type as new_property_type
    )
    insert into pg_temp.session_promoted
    select p.id, p.action = ''INSERT'', p.old_status, p.new_status, p.old_insee_code, p.new_insee_code,
      p.old_property_type, p.new_property_type
    from promoted as p',
    app_private.session_rows_filter(session), session.id, applied_at, session.source_id
  );
end
$$;

comment on function app_private.merge_staged_homes(app_public.scrape_sessions, timestamptz) is $$
Brings the live homes to what the accepted rows of a prepared session say, in one statement.

What it touched, with status, commune and type before and after, stands in pg_temp.session_promoted until the
transaction ends.
$$;
