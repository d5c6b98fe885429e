create view app_public.properties_current with (security_invoker) as
select
  l.id as property_id,
  s.code as source,
  l.source_key,
  l.property_url,
  l.status,
  l.title,
  l.address,
  l.postal_code,
  l.city_name as city,
  l.insee_code,
  l.property_type,
  l.price_eur,
  l.surface_m2,
  l.land_surface_m2::numeric as land_surface_m2,
  l.room_count,
  l.listed_on,
  l.sold_on,
  l.longitude,
  l.latitude,
  null::jsonb as payload,
  l.updated_at
from app_public.properties_live as l
join app_public.sources as s on s.id = l.source_id
where l.status <> 'removed' and not (select app_private.reads_pulled())
union all
select
  p.property_id, p.source, p.source_key, p.property_url, p.status, p.title, p.address, p.postal_code, p.city,
  p.insee_code, p.property_type, p.price_eur, p.surface_m2, p.land_surface_m2, p.room_count, p.listed_on, p.sold_on,
  p.longitude, p.latitude, p.payload, p.updated_at
from app_private.pulled_homes((select app_private.reads_pulled())) as p;

comment on view app_public.properties_current is $$
The homes as readers should see them now: those of the older table pulled_properties for as long as there is one and
nobody has switched, the live ones of all sources after parcelle legacy switch, and the older table again after
parcelle legacy rollback.

    select city, count(*) from properties_current group by city;
$$;
comment on column app_public.properties_current.property_id is 'The live home; null where it is read from the older table.';
comment on column app_public.properties_current.source is 'Code of the source.';
comment on column app_public.properties_current.source_key is 'The home''s name at the source.';
comment on column app_public.properties_current.property_url is 'Address of its page.';
comment on column app_public.properties_current.status is 'Where it stands on the market.';
comment on column app_public.properties_current.title is 'Title of the listing.';
comment on column app_public.properties_current.address is 'Number and street.';
comment on column app_public.properties_current.postal_code is 'Postal code.';
comment on column app_public.properties_current.city is 'Name of the city.';
comment on column app_public.properties_current.insee_code is 'INSEE code of the commune.';
comment on column app_public.properties_current.property_type is 'What it is.';
comment on column app_public.properties_current.price_eur is 'Price, €.';
comment on column app_public.properties_current.surface_m2 is 'Living surface, m².';
comment on column app_public.properties_current.land_surface_m2 is 'Land, m².';
comment on column app_public.properties_current.room_count is 'Main rooms.';
comment on column app_public.properties_current.listed_on is 'Day of listing.';
comment on column app_public.properties_current.sold_on is 'Day of sale.';
comment on column app_public.properties_current.longitude is 'Longitude, degrees east.';
comment on column app_public.properties_current.latitude is 'Latitude, degrees north.';
comment on column app_public.properties_current.payload is 'Other columns of the older table; null for a live home.';
comment on column app_public.properties_current.updated_at is
  'When it changed, or was pulled, last; null where that is not known.';

grant select on app_public.properties_current to app_analyst;
