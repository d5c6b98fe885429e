create type app_private.exported_home as (
  staged_id bigint,
  source_key text,
  address text,
  city text,
  price numeric,
  surface numeric,
  rooms integer,
  sale_date date,
  property_type app_base.property_type,
  property_url text,
  postal_code text,
  insee_code text,
  longitude double precision,
  latitude double precision
);
comment on type app_private.exported_home is 'A home of a session in its normal form, as it is exported.';
comment on column app_private.exported_home.staged_id is 'The staged row.';
comment on column app_private.exported_home.source_key is 'The home''s name at its source.';
comment on column app_private.exported_home.address is 'Number and street.';
comment on column app_private.exported_home.city is 'Name of the commune.';
comment on column app_private.exported_home.price is 'Price in euros.';
comment on column app_private.exported_home.surface is 'Living surface in m².';
comment on column app_private.exported_home.rooms is 'Main rooms.';
comment on column app_private.exported_home.sale_date is 'Day of the sale; null while it is for sale.';
comment on column app_private.exported_home.property_type is 'What sort of property it is.';
comment on column app_private.exported_home.property_url is 'Address of its page.';
comment on column app_private.exported_home.postal_code is 'Postal code.';
comment on column app_private.exported_home.insee_code is 'INSEE code of the commune.';
comment on column app_private.exported_home.longitude is 'Longitude in degrees.';
comment on column app_private.exported_home.latitude is 'Latitude in degrees.';
