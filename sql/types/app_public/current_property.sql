create type app_public.current_property as (
  property_id bigint,
  source text,
  source_key text,
  property_url text,
  status app_base.property_status,
  title text,
  address text,
  postal_code text,
  city text,
  insee_code text,
  property_type app_base.property_type,
  price_eur numeric,
  surface_m2 numeric,
  land_surface_m2 numeric,
  room_count smallint,
  listed_on date,
  sold_on date,
  longitude double precision,
  latitude double precision,
  payload jsonb,
  updated_at timestamptz
);
comment on type app_public.current_property is 'A home as properties_current shows it, wherever it is read from.';
comment on column app_public.current_property.property_id is 'The live home; null where it is read from the older table.';
comment on column app_public.current_property.source is 'Code of the source.';
comment on column app_public.current_property.source_key is 'The home''s name at the source.';
comment on column app_public.current_property.property_url is 'Address of its page.';
comment on column app_public.current_property.status is 'Where it stands on the market.';
comment on column app_public.current_property.title is 'Title of the listing.';
comment on column app_public.current_property.address is 'Number and street.';
comment on column app_public.current_property.postal_code is 'Postal code.';
comment on column app_public.current_property.city is 'Name of the city.';
comment on column app_public.current_property.insee_code is 'INSEE code of the commune.';
comment on column app_public.current_property.property_type is 'What it is.';
comment on column app_public.current_property.price_eur is 'Price, €.';
comment on column app_public.current_property.surface_m2 is 'Living surface, m².';
comment on column app_public.current_property.land_surface_m2 is 'Land, m².';
comment on column app_public.current_property.room_count is 'Main rooms.';
comment on column app_public.current_property.listed_on is 'Day of listing.';
comment on column app_public.current_property.sold_on is 'Day of sale.';
comment on column app_public.current_property.longitude is 'Longitude, degrees east.';
comment on column app_public.current_property.latitude is 'Latitude, degrees north.';
comment on column app_public.current_property.payload is 'Other columns of the older table; null for a live home.';
comment on column app_public.current_property.updated_at is 'When it changed, or was pulled, last; null where that is not known.';
