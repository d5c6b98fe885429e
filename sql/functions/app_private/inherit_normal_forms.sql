-- Where a rule calls for rows that the source repeats word for word, what was read once holds. Rows that broke a rule
-- are read again: the live home does not remember what of it could not be read. Homes are looked up one by one, since
-- they are few beside all that is live.

create function app_private.inherit_normal_forms(
  session uuid, first_bucket integer, last_bucket integer, target_bucket integer
)
returns integer
language plpgsql
volatile
set enable_nestloop = on
set jit = off
set search_path = pg_catalog, pg_temp
as $$
declare
  inherited_count integer;
begin
  insert into app_public.staged_properties (
    bucket, session_id, staged_id, source_key, property_id, property_url, status, title,
    address, street_number, street_suffix, street_type, street_name, address_key,
    postal_code, city_name, insee_code, department_code, city_confidence, parcel_id, property_type,
    price_eur, surface_m2, land_surface_m2, room_count, bedroom_count, floor_no, built_year,
    dpe_number, dpe_class, dpe_kwh_m2, ghg_class, ghg_kgco2_m2, listed_on, sold_on, longitude, latitude,
    agency_name, contact_phone, contact_email, description, raw_fingerprint
  )
  select
    target_bucket, inherit_normal_forms.session, s.id, s.source_key, l.id, l.property_url, l.status, l.title,
    l.address, l.street_number, l.street_suffix, l.street_type, l.street_name, l.address_key,
    l.postal_code, l.city_name, l.insee_code, l.department_code, l.city_confidence, l.parcel_id, l.property_type,
    l.price_eur, l.surface_m2, l.land_surface_m2, l.room_count, l.bedroom_count, l.floor_no, l.built_year,
    l.dpe_number, l.dpe_class, l.dpe_kwh_m2, l.ghg_class, l.ghg_kgco2_m2, l.listed_on, l.sold_on, l.longitude,
    l.latitude, l.agency_name, l.contact_phone, l.contact_email, l.description, l.raw_fingerprint
  from pg_temp.session_todo as t
  join app_public.property_scrapes_staging as s on s.id = t.staged_id
  cross join lateral (
    select p.* from app_public.properties_live as p where p.id = t.property_id offset 0
  ) as l
  where s.session_id = inherit_normal_forms.session
    and s.bucket between first_bucket and last_bucket
    and l.raw_fingerprint = s.raw_fingerprint
    and l.failed_rule_ids is null
    and l.status not in ('likely_removed', 'removed');
  get diagnostics inherited_count = row_count;
  return inherited_count;
end
$$;

comment on function app_private.inherit_normal_forms(uuid, integer, integer, integer) is $$
Writes the normal form of those rows of pg_temp.session_todo that say word for word what their live home's source said
last: what stands in the live home is taken over, nothing is read again. Gives their number.

Rows whose home broke a rule, or was thought gone, are left to be read.
$$;
