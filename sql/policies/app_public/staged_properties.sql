comment on table app_public.staged_properties is $$
Staged rows in their normal form, with the verdict of the rules: those that are new or differ from the live home.

Partitions as those of property_scrapes_staging. Written by the sync of their session, and anew by every further one.
$$;
comment on column app_public.staged_properties.bucket is 'The partition, as in property_scrapes_staging.';
comment on column app_public.staged_properties.session_id is 'The session.';
comment on column app_public.staged_properties.staged_id is 'The staged row: property_scrapes_staging.id.';
comment on column app_public.staged_properties.source_key is 'The name of the home at its source.';
comment on column app_public.staged_properties.property_id is 'The live home of that source and key; null for a new one.';
comment on column app_public.staged_properties.property_url is 'Address of its page, without what only tracks visitors.';
comment on column app_public.staged_properties.status is 'What the source says of it; active where it says nothing.';
comment on column app_public.staged_properties.title is 'Title of the listing.';
comment on column app_public.staged_properties.address is 'Number and street in tidy form: 12 bis Rue de la Paix.';
comment on column app_public.staged_properties.street_number is 'Number in the street.';
comment on column app_public.staged_properties.street_suffix is 'What follows the number: bis, ter, a letter.';
comment on column app_public.staged_properties.street_type is 'Type of the street, written out.';
comment on column app_public.staged_properties.street_name is 'Name of the street.';
comment on column app_public.staged_properties.address_key is 'The address in the form by which addresses are matched.';
comment on column app_public.staged_properties.postal_code is 'Postal code, five digits.';
comment on column app_public.staged_properties.city_name is 'Official name of the commune; as given where it is not known.';
comment on column app_public.staged_properties.insee_code is 'Present commune or arrondissement; null where it cannot be told.';
comment on column app_public.staged_properties.department_code is 'Its department.';
comment on column app_public.staged_properties.city_confidence is 'How sure the commune is, 0 to 1.';
comment on column app_public.staged_properties.parcel_id is 'Parcel, 14 characters.';
comment on column app_public.staged_properties.property_type is 'House, flat, land …; unspecified where it cannot be told.';
comment on column app_public.staged_properties.price_eur is 'Price, €.';
comment on column app_public.staged_properties.surface_m2 is 'Living surface, m².';
comment on column app_public.staged_properties.land_surface_m2 is 'Land, m².';
comment on column app_public.staged_properties.room_count is 'Main rooms.';
comment on column app_public.staged_properties.bedroom_count is 'Bedrooms.';
comment on column app_public.staged_properties.floor_no is 'Floor; 0 is the ground floor.';
comment on column app_public.staged_properties.built_year is 'Year of construction.';
comment on column app_public.staged_properties.dpe_number is 'Number of the energy certificate.';
comment on column app_public.staged_properties.dpe_class is 'Energy class, A to G.';
comment on column app_public.staged_properties.dpe_kwh_m2 is 'Primary energy, kWh/m² and year.';
comment on column app_public.staged_properties.ghg_class is 'Emission class, A to G.';
comment on column app_public.staged_properties.ghg_kgco2_m2 is 'Emissions, kg CO₂/m² and year.';
comment on column app_public.staged_properties.listed_on is 'Day of listing.';
comment on column app_public.staged_properties.sold_on is 'Day of sale.';
comment on column app_public.staged_properties.longitude is 'Longitude, degrees east (WGS 84).';
comment on column app_public.staged_properties.latitude is 'Latitude, degrees north (WGS 84).';
comment on column app_public.staged_properties.agency_name is 'Agency.';
comment on column app_public.staged_properties.contact_phone is 'Phone of the contact, +33….';
comment on column app_public.staged_properties.contact_email is 'E-mail of the contact.';
comment on column app_public.staged_properties.description is 'Text of the listing.';
comment on column app_public.staged_properties.raw_fingerprint is 'Digest of what the source wrote.';
comment on column app_public.staged_properties.unreadable is
  'What could not be read: the field''s name and its raw text, as {"price": "12a"}; null where all could.';
comment on column app_public.staged_properties.quality_score is 'Quality of the row by the rules, 0 to 1.';
comment on column app_public.staged_properties.completeness is 'Weighted share of its fields that are filled, 0 to 1.';
comment on column app_public.staged_properties.failed_rule_ids is 'The rules it fails; null for none.';
comment on column app_public.staged_properties.is_quarantined is 'Whether one of them keeps it out of the live homes.';

grant select on app_public.staged_properties to app_analyst;

create policy staged_properties_analyst_read on app_public.staged_properties
  for select to app_analyst using (true);
comment on policy staged_properties_analyst_read on app_public.staged_properties is
  'An analyst sees what would be promoted; a visitor no single home.';

grant select on app_public.staged_properties to app_rule;

create policy staged_properties_rule_read on app_public.staged_properties
  for select to app_rule using (true);
comment on policy staged_properties_rule_read on app_public.staged_properties is
  'Rules judge what was staged.';
