comment on table app_public.property_scrapes_staging is $$
What sources report, field by field as they wrote it: "252 000 €" is a price here. Nothing is refused on the way in.

A partition for each large session (negative bucket) and one for each day's small ones; what finds none of its own is
kept in the default one. Rows of sessions long decided go with cleanup_old_data.
$$;
comment on column app_public.property_scrapes_staging.id is 'Number of the row; of several with one key in a session the highest holds.';
comment on column app_public.property_scrapes_staging.bucket is
  'The partition: days since 2000-01-01, or minus the number of a session that has one of its own.';
comment on column app_public.property_scrapes_staging.session_id is 'The session that staged it.';
comment on column app_public.property_scrapes_staging.source_key is
  'The name of the home at its source; null where the row does not say which home it means.';
comment on column app_public.property_scrapes_staging.property_url is 'Address of its page.';
comment on column app_public.property_scrapes_staging.status is 'On the market, under offer, sold, in the source''s words.';
comment on column app_public.property_scrapes_staging.title is 'Title of the listing.';
comment on column app_public.property_scrapes_staging.address is 'Number, street, whatever the source calls the address.';
comment on column app_public.property_scrapes_staging.postal_code is 'Postal code.';
comment on column app_public.property_scrapes_staging.city is 'Name of the city.';
comment on column app_public.property_scrapes_staging.insee_code is 'INSEE code of the commune, where the source gives one.';
comment on column app_public.property_scrapes_staging.parcel_id is 'Parcel of the land register.';
comment on column app_public.property_scrapes_staging.property_type is 'House, flat …, in the source''s words or codes.';
comment on column app_public.property_scrapes_staging.price is 'Price.';
comment on column app_public.property_scrapes_staging.surface is 'Living surface.';
comment on column app_public.property_scrapes_staging.land_surface is 'Surface of the land.';
comment on column app_public.property_scrapes_staging.rooms is 'Main rooms: 3, T3, 3 pièces.';
comment on column app_public.property_scrapes_staging.bedrooms is 'Bedrooms.';
comment on column app_public.property_scrapes_staging.floor is 'Floor.';
comment on column app_public.property_scrapes_staging.built_year is 'Year of construction.';
comment on column app_public.property_scrapes_staging.dpe_number is 'Number of the energy certificate.';
comment on column app_public.property_scrapes_staging.dpe_class is 'Energy class.';
comment on column app_public.property_scrapes_staging.dpe_energy is 'Energy figure: 185 kWh/m²/an.';
comment on column app_public.property_scrapes_staging.ghg_class is 'Emission class.';
comment on column app_public.property_scrapes_staging.dpe_emissions is 'Emission figure: 12 kg CO2/m²/an.';
comment on column app_public.property_scrapes_staging.listed_on is 'Day of listing.';
comment on column app_public.property_scrapes_staging.sale_date is 'Day or month of sale.';
comment on column app_public.property_scrapes_staging.longitude is 'Longitude.';
comment on column app_public.property_scrapes_staging.latitude is 'Latitude.';
comment on column app_public.property_scrapes_staging.agency_name is 'Agency.';
comment on column app_public.property_scrapes_staging.contact_phone is 'Phone of the contact.';
comment on column app_public.property_scrapes_staging.contact_email is 'E-mail of the contact.';
comment on column app_public.property_scrapes_staging.description is 'Text of the listing.';
comment on column app_public.property_scrapes_staging.payload is
  'Everything else the source said; for what could not be read, the line as it stood (`raw`, `line`, `reason`).';
comment on column app_public.property_scrapes_staging.scraped_at is 'When it was seen.';
comment on column app_public.property_scrapes_staging.raw_fingerprint is
  'Digest of the fields, payload aside: the same row again is known by it.';

grant select on app_public.property_scrapes_staging to app_analyst;

create policy property_scrapes_staging_analyst_read on app_public.property_scrapes_staging
  for select to app_analyst using (true);
comment on policy property_scrapes_staging_analyst_read on app_public.property_scrapes_staging is
  'An analyst sees what was reported; a visitor no single home.';

grant select on app_public.property_scrapes_staging to app_rule;

create policy property_scrapes_staging_rule_read on app_public.property_scrapes_staging
  for select to app_rule using (true);
comment on policy property_scrapes_staging_rule_read on app_public.property_scrapes_staging is
  'Rules judge what was staged.';
