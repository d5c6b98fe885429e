comment on table app_public.transactions is $$
The ledger: every sale as the latest release gives it, one row for one deed.

The price is the deed's whole price, net to the seller, VAT included, furniture excluded. A deed is put together
from lines of the DVF files; sql/README.md says how. `identity_basis` says how sure that is.
Source: DGFiP, Demandes de valeurs foncières, Licence Ouverte 2.0. The law (LPF R*112 A-3) forbids to identify
persons with it and to let search engines index single sales.
$$;
comment on column app_public.transactions.id is 'The identity the ledger gave the sale; it stays the same over releases and corrections.';
comment on column app_public.transactions.sold_on is 'Day of the deed.';
comment on column app_public.transactions.nature is 'What kind of transfer it is; prices of different kinds are never mixed in statistics.';
comment on column app_public.transactions.price_eur is
  'Price of the whole deed, €: the sum over its dispositions. Null where none is published (often off plan).';
comment on column app_public.transactions.property_type is
  'What was sold on the whole; `mixed` for kinds that stand side by side, `unspecified` where the lines do not say.';
comment on column app_public.transactions.insee_code is
  'INSEE code of the present commune, or arrondissement of Paris, Lyon or Marseille; the principal one of several.';
comment on column app_public.transactions.parent_insee_code is
  'For an arrondissement its city (75056, 69123, 13055); null for every other commune.';
comment on column app_public.transactions.department_code is 'Code of the department.';
comment on column app_public.transactions.postal_code is 'Postal code, five digits; null where none is published.';
comment on column app_public.transactions.street_number is
  'Number in the street; from 5000 on a pseudo-number of the land register where there is no address.';
comment on column app_public.transactions.street_suffix is 'What follows the number: B, T, A …';
comment on column app_public.transactions.street_name is 'Street with its type, in capitals as published.';
comment on column app_public.transactions.street_code is 'Code of the street in the land register (FANTOIR), four characters.';
comment on column app_public.transactions.insee_codes is 'Every commune the deed touches, sorted.';
comment on column app_public.transactions.parcel_ids is
  'Every parcel of the land register the deed touches, 14 characters each, under the present commune, sorted.';
comment on column app_public.transactions.disposition_count is 'Dispositions of the deed: parts with a price of their own.';
comment on column app_public.transactions.disposition_no is 'Its lowest disposition number: 1 unless the mutation is partial.';
comment on column app_public.transactions.document_service is 'Office that registered the deed (restricted edition).';
comment on column app_public.transactions.document_reference is 'Reference of the deed at that office (restricted edition).';
comment on column app_public.transactions.located_release_id is 'The release that gave coordinates to a sale which had none.';
comment on column app_public.transactions.line_count is 'Lines of the files it was put together from.';
comment on column app_public.transactions.house_count is 'Houses sold.';
comment on column app_public.transactions.flat_count is 'Flats sold.';
comment on column app_public.transactions.annex_count is 'Annexes sold: garages, cellars, outbuildings.';
comment on column app_public.transactions.commercial_count is 'Shops, offices and other commercial premises sold.';
comment on column app_public.transactions.is_count_certain is
  'Whether the lines settle how many premises there are; false where they are repeated in a way that fits several counts.';
comment on column app_public.transactions.lot_count is 'Lots of co-ownership sold.';
comment on column app_public.transactions.built_surface_m2 is
  'Built surface of all premises, m², each counted once; measured by the tax office, not by the Carrez law.';
comment on column app_public.transactions.dwelling_surface_m2 is 'Built surface of the houses and flats among them, m².';
comment on column app_public.transactions.carrez_surface_m2 is 'Carrez surface of the lots, m², where the deed gives it.';
comment on column app_public.transactions.room_count is 'Main rooms of the houses and flats together.';
comment on column app_public.transactions.land_surface_m2 is 'Land, m², each parcel and land use once.';
comment on column app_public.transactions.longitude is 'Longitude of the principal parcel, degrees east (WGS 84); null where unknown.';
comment on column app_public.transactions.latitude is 'Latitude of the principal parcel, degrees north (WGS 84); null where unknown.';
comment on column app_public.transactions.location is 'The same place as point(longitude, latitude), in degrees, for the spatial index.';
comment on column app_public.transactions.price_per_m2 is
  '€ per m² of built surface, only for a certain sale of exactly one dwelling; null otherwise.';
comment on column app_public.transactions.price_per_m2_reason is 'Why there is no price per m²; null where there is one.';
comment on column app_public.transactions.identity_basis is
  'What joined the lines into one deed: a document reference, evidence in the lines, or neither (ambiguous).';
comment on column app_public.transactions.mutation_is_partial is
  'Whether other dispositions of the same deed seem to exist that could not be joined to it.';
comment on column app_public.transactions.evidence is 'The facts that joined its lines, or that left it apart.';
comment on column app_public.transactions.content_digest is
  'Digest of what the lines say; equal in two releases where nothing changed.';
comment on column app_public.transactions.line_release_id is 'The release whose lines it rests on now.';
comment on column app_public.transactions.added_release_id is 'The release that added it.';
comment on column app_public.transactions.changed_release_id is 'The last release that added or corrected it.';

grant select on app_public.transactions to app_analyst;

create policy transactions_analyst_read on app_public.transactions
  for select to app_analyst using (true);
comment on policy transactions_analyst_read on app_public.transactions is
  'Single sales are for analysts; a visitor sees aggregates only, so that no search engine can index a sale.';
