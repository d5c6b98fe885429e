comment on table app_public.properties_live is $$
What is for sale, or was sold: one home as one source reports it, by source and key.

Written by syncs, and by whoever edits a row; every write leaves change records (property_changes) and the version before
(properties_as_of). One physical home that two sources show has two rows.
$$;
comment on column app_public.properties_live.id is 'Identity of the report; it stays through every change.';
comment on column app_public.properties_live.source_id is 'The source that reports it.';
comment on column app_public.properties_live.source_key is
  'What the source calls it; one row for each key of a source.';
comment on column app_public.properties_live.property_url is
  'Address of the page it is shown on, without what tracks visitors.';
comment on column app_public.properties_live.status is
  'What the source says (active, under offer, sold), or what its absence says (likely removed, removed).';
comment on column app_public.properties_live.title is 'Headline.';
comment on column app_public.properties_live.address is
  'Number and street, as they are written in an address.';
comment on column app_public.properties_live.street_number is 'Number in the street.';
comment on column app_public.properties_live.street_suffix is 'What follows the number: bis, ter, a letter.';
comment on column app_public.properties_live.street_type is 'Kind of street, written out.';
comment on column app_public.properties_live.street_name is 'Name of the street, without its kind.';
comment on column app_public.properties_live.address_key is
  'The form in which addresses are compared: small letters, no accents, nothing abbreviated, no place.';
comment on column app_public.properties_live.postal_code is
  'Postal code as the source gives it, five digits.';
comment on column app_public.properties_live.city_name is
  'Official name of the commune; what the source says where it could not be told.';
comment on column app_public.properties_live.insee_code is
  'INSEE code of the present commune or arrondissement; null where it could not be told.';
comment on column app_public.properties_live.department_code is 'Code of the department.';
comment on column app_public.properties_live.city_confidence is 'How surely the commune was told, 0 to 1.';
comment on column app_public.properties_live.parcel_id is 'Parcel of the land register, 14 characters.';
comment on column app_public.properties_live.property_type is
  'House, flat, land, commercial, annex, mixed or unspecified.';
comment on column app_public.properties_live.price_eur is 'Asking price, for a sale the price paid, €.';
comment on column app_public.properties_live.surface_m2 is 'Living surface, m².';
comment on column app_public.properties_live.land_surface_m2 is 'Surface of the land, m².';
comment on column app_public.properties_live.room_count is
  'Rooms, as the French count them: without kitchen and bathroom.';
comment on column app_public.properties_live.bedroom_count is 'Bedrooms.';
comment on column app_public.properties_live.floor_no is 'Floor; 0 is the ground floor.';
comment on column app_public.properties_live.built_year is 'Year it was built.';
comment on column app_public.properties_live.dpe_number is 'Number of its energy certificate (DPE).';
comment on column app_public.properties_live.dpe_class is 'Energy class, A to G.';
comment on column app_public.properties_live.dpe_kwh_m2 is
  'Energy used, kWh of primary energy per m² and year.';
comment on column app_public.properties_live.ghg_class is 'Class of greenhouse gases, A to G.';
comment on column app_public.properties_live.ghg_kgco2_m2 is 'Greenhouse gases, kg of CO₂ per m² and year.';
comment on column app_public.properties_live.listed_on is 'Day it was put up for sale.';
comment on column app_public.properties_live.sold_on is 'Day it was sold.';
comment on column app_public.properties_live.longitude is 'Degrees east.';
comment on column app_public.properties_live.latitude is 'Degrees north.';
comment on column app_public.properties_live.agency_name is 'Who sells it.';
comment on column app_public.properties_live.contact_phone is
  'Telephone of the seller; personal, a keyed digest in records of changes.';
comment on column app_public.properties_live.contact_email is 'E-mail of the seller; personal likewise.';
comment on column app_public.properties_live.description is 'Text of the listing.';
comment on column app_public.properties_live.price_per_m2 is 'Price per m² of living surface, €/m².';
comment on column app_public.properties_live.location is 'Longitude and latitude as a point.';
comment on column app_public.properties_live.search is
  'What free text is searched in: address, postal code, commune, headline.';
comment on column app_public.properties_live.raw_fingerprint is
  'What the source said last, in one number: the same again is known without reading it.';
comment on column app_public.properties_live.quality_score is
  'How few rules it fails, 0 to 1; see explain_quality.';
comment on column app_public.properties_live.completeness is
  'Share of its fields that are filled, weighted, 0 to 1.';
comment on column app_public.properties_live.failed_rule_ids is 'Rules it fails; null for none.';
comment on column app_public.properties_live.missed_count is
  'Complete sessions in a row that should have shown it and did not.';
comment on column app_public.properties_live.missing_since is 'When the first of these was applied.';
comment on column app_public.properties_live.session_id is
  'The session that wrote it last; null for an edit by hand.';
comment on column app_public.properties_live.created_at is 'When it was seen first.';
comment on column app_public.properties_live.updated_at is
  'When it was changed last; when it was seen last is properties_live_last_seen_at.';

grant select on app_public.properties_live to app_analyst;

create policy properties_live_analyst_read on app_public.properties_live
  for select to app_analyst using (true);
comment on policy properties_live_analyst_read on app_public.properties_live is
  'Homes are for those who work on them, never for visitors: a row names one home and may name its seller.';

grant select on app_public.properties_live to app_rule;

create policy properties_live_rule_read on app_public.properties_live
  for select to app_rule using (true);
comment on policy properties_live_rule_read on app_public.properties_live is
  'Rules compare what was staged with what is live, and judge live homes anew when they change.';
