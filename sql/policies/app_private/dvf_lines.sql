comment on table app_private.dvf_lines is $$
Every line that a release brought and that could be read, in canonical form: the same for both official forms.

A partition for each release, split once more by département. Nobody but the owner reads it: sales show what is public.
$$;
comment on column app_private.dvf_lines.release_id is 'The release: the key of the partition.';
comment on column app_private.dvf_lines.shard is 'One of two parts that are grouped side by side; a department, and with it a deed, lies wholly in one.';
comment on column app_private.dvf_lines.source_no is 'Number of the file within the release.';
comment on column app_private.dvf_lines.line_no is 'Line in the file; the header is line 1.';
comment on column app_private.dvf_lines.fingerprint is
  'Digest of the canonical content, hint, former codes and coordinates aside; the same for the same line in either form.';
comment on column app_private.dvf_lines.sold_on is 'Day of the deed.';
comment on column app_private.dvf_lines.nature is 'Kind of transfer.';
comment on column app_private.dvf_lines.disposition_no is 'Number of the disposition within the deed.';
comment on column app_private.dvf_lines.price_cents is
  'Price of the disposition, cents, repeated on each of its lines: never to be summed over lines. Null for none or 0.';
comment on column app_private.dvf_lines.document_service is 'Office that registered the deed (restricted edition).';
comment on column app_private.dvf_lines.document_reference is 'Reference of the deed at that office (restricted edition).';
comment on column app_private.dvf_lines.mutation_hint is 'The geo form''s id_mutation: a hint about neighbours, never an identity.';
comment on column app_private.dvf_lines.street_number is 'Number in the street, pseudo-numbers included.';
comment on column app_private.dvf_lines.street_suffix is 'What follows the number.';
comment on column app_private.dvf_lines.street_name is 'Street with its type.';
comment on column app_private.dvf_lines.street_code is 'Code of the street in the land register.';
comment on column app_private.dvf_lines.postal_code is 'Postal code, padded to five digits.';
comment on column app_private.dvf_lines.insee_code is 'Present commune or arrondissement.';
comment on column app_private.dvf_lines.registered_insee_code is 'The former commune the line names, where it differs.';
comment on column app_private.dvf_lines.department_code is 'Department of the present commune.';
comment on column app_private.dvf_lines.parcel_id is 'Parcel, 14 characters, under the present commune.';
comment on column app_private.dvf_lines.registered_parcel_id is 'The parcel as the line names it, where it differs.';
comment on column app_private.dvf_lines.volume_no is 'Number of the volume, where the land is divided in height.';
comment on column app_private.dvf_lines.lots is 'Numbers of the lots, in the order of the columns; numbers are text.';
comment on column app_private.dvf_lines.lot_carrez_m2 is 'Carrez surface of each of these lots, m²; null where none is given.';
comment on column app_private.dvf_lines.lot_count is 'Lots in all, beyond the five that have columns too.';
comment on column app_private.dvf_lines.premises_type is 'House, flat, annex or commercial; null for bare land.';
comment on column app_private.dvf_lines.premises_reference is 'Number of the premises (restricted edition).';
comment on column app_private.dvf_lines.built_surface_m2 is 'Built surface of the premises, m²; null for none or 0.';
comment on column app_private.dvf_lines.room_count is 'Main rooms; 0 is an answer, null is none.';
comment on column app_private.dvf_lines.land_use_code is 'Use of the land: code of the land register.';
comment on column app_private.dvf_lines.special_land_use_code is 'Finer use of the land.';
comment on column app_private.dvf_lines.land_surface_m2 is 'Land of this parcel and use, m².';
comment on column app_private.dvf_lines.longitude is 'Longitude of the parcel, degrees east (WGS 84); only in the geo form.';
comment on column app_private.dvf_lines.latitude is 'Latitude of the parcel, degrees north (WGS 84); only in the geo form.';
comment on column app_private.dvf_lines.key_digest is 'Digest of price, day, nature, disposition number, département and reference.';
comment on column app_private.dvf_lines.unit_digest is 'Digest of the same and the section: the lines of one section that are taken together.';
comment on column app_private.dvf_lines.premises_digest is 'Digest of the premises as described, ordered: dwellings first, the largest at the beginning.';
comment on column app_private.dvf_lines.land_digest is 'Digest of land use, special land use and land surface.';
comment on column app_private.dvf_lines.carrez_surface_m2 is 'Sum of its lots Carrez surfaces, m².';
