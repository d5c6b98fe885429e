create view app_public.properties with (security_invoker) as
select
  l.id,
  s.code as source,
  l.source_key,
  l.property_url,
  l.status,
  l.title,
  l.address,
  l.postal_code,
  l.city_name as city,
  l.insee_code,
  l.department_code,
  l.parcel_id,
  l.property_type,
  l.price_eur,
  l.surface_m2,
  l.price_per_m2,
  l.land_surface_m2,
  l.room_count,
  l.bedroom_count,
  l.floor_no,
  l.built_year,
  l.dpe_number,
  l.dpe_class,
  l.dpe_kwh_m2,
  l.ghg_class,
  l.ghg_kgco2_m2,
  l.listed_on,
  l.sold_on,
  l.longitude,
  l.latitude,
  l.agency_name,
  l.description,
  l.quality_score,
  l.completeness,
  l.created_at,
  l.updated_at,
  app_public.properties_live_last_seen_at(l) as last_seen_at
from app_public.properties_live as l
join app_public.sources as s on s.id = l.source_id;

comment on view app_public.properties is $$
The live homes with the code of their source and when they were seen last, under the name older documents use.

    select city, price_eur, last_seen_at from properties where source = 'csv' and status = 'active';
$$;
comment on column app_public.properties.id is 'The live home.';
comment on column app_public.properties.source is 'Code of the source.';
comment on column app_public.properties.city is 'Official name of the commune; as given where it is not known.';
comment on column app_public.properties.last_seen_at is 'The instant of the last completed session that saw it.';

grant select on app_public.properties to app_analyst;
