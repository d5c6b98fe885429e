-- The ledger: what was sold, deed by deed, and what every release changed in it.

create type app_base.identity_basis as enum ('reference', 'evidence', 'ambiguous');
comment on type app_base.identity_basis is
  'How the lines of a sale were found to belong together: by the register''s reference, by evidence in the lines, or not surely.';

create type app_base.property_type as enum (
  'house', 'flat', 'land', 'commercial', 'annex', 'mixed', 'unspecified'
);
comment on type app_base.property_type is
  'What was sold: houses, flats or commercial premises alone, a mix of them, annexes or bare land alone, or not said.';

create type app_base.price_per_m2_reason as enum (
  'no_price', 'not_a_market_sale', 'no_dwelling', 'several_dwellings', 'commercial_premises',
  'uncertain_count', 'no_surface', 'partial_mutation', 'ambiguous_mutation'
);
comment on type app_base.price_per_m2_reason is
  'Why a sale has no price per square metre.';

create type app_base.change_kind as enum ('added', 'corrected', 'withdrawn');
comment on type app_base.change_kind is
  'What a release did to a sale of the ledger.';

create sequence app_private.transaction_id_seq as bigint;

create table app_public.transactions (
  id bigint not null,
  sold_on date not null,
  nature app_base.mutation_nature not null,
  price_eur numeric(14, 2),
  property_type app_base.property_type not null,
  insee_code text collate "C" not null,
  parent_insee_code text collate "C",
  department_code text collate "C" not null,
  postal_code text collate "C",
  street_number integer,
  street_suffix text collate "C",
  street_name text collate "C",
  street_code text collate "C",
  insee_codes text[] collate "C" not null,
  parcel_ids text[] collate "C" not null,
  disposition_count smallint not null,
  disposition_no integer not null,
  document_service text collate "C",
  document_reference text collate "C",
  line_count integer not null,
  house_count integer not null,
  flat_count integer not null,
  annex_count integer not null,
  commercial_count integer not null,
  is_count_certain boolean not null,
  lot_count integer not null,
  built_surface_m2 integer,
  dwelling_surface_m2 integer,
  carrez_surface_m2 numeric(9, 2),
  room_count integer,
  land_surface_m2 integer,
  longitude double precision,
  latitude double precision,
  location point generated always as (
    case when longitude is null or latitude is null then null else point(longitude, latitude) end
  ) stored,
  price_per_m2 numeric(10, 2),
  price_per_m2_reason app_base.price_per_m2_reason,
  identity_basis app_base.identity_basis not null,
  mutation_is_partial boolean not null,
  evidence text[] collate "C" not null,
  content_digest bigint not null,
  line_release_id integer not null,
  added_release_id integer not null,
  changed_release_id integer not null,
  located_release_id integer,
  constraint transactions_pkey primary key (id),
  -- Not enforced: the import takes every commune from the reference itself, and checking a million rows
  -- one by one would cost more than loading them. Readers and GraphQL still see the relation.
  constraint transactions_insee_code_fkey foreign key (insee_code)
    references app_public.cities (insee_code) not enforced,
  constraint transactions_department_code_fkey foreign key (department_code)
    references app_public.departments (code) not enforced,
  constraint transactions_price_positive check (price_eur > 0),
  constraint transactions_price_per_m2_or_reason check ((price_per_m2 is null) = (price_per_m2_reason is not null))
);
create index transactions_insee_code_sold_on_idx on app_public.transactions (insee_code, sold_on, id);
create index transactions_parent_insee_code_sold_on_idx
  on app_public.transactions (parent_insee_code, sold_on, id) where parent_insee_code is not null;
create index transactions_department_code_sold_on_idx on app_public.transactions (department_code, sold_on, id);
create index transactions_sold_on_idx on app_public.transactions (sold_on, id);
create index transactions_price_eur_idx on app_public.transactions (price_eur, id);
create index transactions_content_digest_idx on app_public.transactions (content_digest);
create index transactions_parcel_ids_idx on app_public.transactions using gin (parcel_ids);
create index transactions_location_idx on app_public.transactions using gist (location);
alter table app_public.transactions enable row level security;

create table app_public.transaction_dispositions (
  transaction_id bigint not null,
  ordinal smallint not null,
  disposition_no integer not null,
  price_eur numeric(14, 2),
  parcel_ids text[] collate "C" not null,
  line_count integer not null,
  document_service text collate "C",
  document_reference text collate "C",
  constraint transaction_dispositions_pkey primary key (transaction_id, ordinal),
  constraint transaction_dispositions_transaction_id_fkey foreign key (transaction_id)
    references app_public.transactions not enforced
);
alter table app_public.transaction_dispositions enable row level security;

-- One row for each sale a release added or withdrew, one for each field it corrected.
create table app_public.transaction_changes (
  release_id integer not null,
  transaction_id bigint not null,
  kind app_base.change_kind not null,
  field_name text collate "C",
  old_value jsonb,
  new_value jsonb,
  constraint transaction_changes_field_named check ((kind = 'corrected') = (field_name is not null))
) partition by list (release_id);
create index transaction_changes_transaction_id_idx on app_public.transaction_changes (transaction_id);
create index transaction_changes_kind_idx on app_public.transaction_changes (kind);
alter table app_public.transaction_changes enable row level security;

-- The sale as it stood before a release touched it: what undo restores and what the time machine reads.
create table app_private.transaction_versions (
  release_id integer not null,
  transaction_id bigint not null,
  image jsonb not null,
  constraint transaction_versions_pkey primary key (transaction_id, release_id),
  constraint transaction_versions_release_id_fkey foreign key (release_id) references app_public.dvf_releases
);
create index transaction_versions_release_id_idx on app_private.transaction_versions (release_id);
alter table app_private.transaction_versions enable row level security;

-- What the lines of a release come to, before it is compared with the ledger. Kept while a release is
-- loading or held, dropped once it is decided. The digests identify keys, sections and mutations within
-- the release; see sql/README.md, "Mutations".
create table app_private.dvf_candidates (
  release_id integer not null,
  shard smallint not null,
  candidate_no integer not null,
  mutation_digest bigint not null,
  key_digest bigint not null,
  content_digest bigint not null,
  main_premises bigint not null,
  sold_on date not null,
  nature app_base.mutation_nature not null,
  disposition_count smallint not null,
  disposition_no integer not null,
  document_service text collate "C",
  document_reference text collate "C",
  price_cents bigint,
  property_type app_base.property_type not null,
  section_id text collate "C" not null,
  insee_code text collate "C" not null,
  department_code text collate "C" not null,
  postal_code text collate "C",
  street_number integer,
  street_suffix text collate "C",
  street_name text collate "C",
  street_code text collate "C",
  longitude double precision,
  latitude double precision,
  insee_codes text[] collate "C" not null,
  parcel_ids text[] collate "C" not null,
  line_count integer not null,
  house_count integer not null,
  flat_count integer not null,
  annex_count integer not null,
  commercial_count integer not null,
  is_count_certain boolean not null,
  lot_count integer not null,
  principal_parcel_count integer not null,
  has_several_lot_sets boolean not null,
  built_surface_m2 integer,
  dwelling_surface_m2 integer,
  carrez_surface_m2 double precision,
  room_count integer,
  land_surface_m2 integer,
  price_per_m2_cents bigint,
  price_per_m2_reason app_base.price_per_m2_reason,
  identity_basis app_base.identity_basis not null,
  mutation_is_partial boolean not null,
  evidence text[] collate "C" not null
) partition by list (release_id);
alter table app_private.dvf_candidates enable row level security;

-- Only for candidates of several dispositions; a single one is written on the candidate itself.
create table app_private.dvf_candidate_dispositions (
  release_id integer not null,
  shard smallint not null,
  candidate_no integer not null,
  ordinal smallint not null,
  disposition_no integer not null,
  price_cents bigint,
  parcel_ids text[] collate "C" not null,
  line_count integer not null,
  document_service text collate "C",
  document_reference text collate "C"
) partition by list (release_id);
alter table app_private.dvf_candidate_dispositions enable row level security;
