-- What a DVF release is and the lines it brought. A release is a partition of its lines, split once more
-- by département so that two backends can load and group it side by side.

create type app_base.mutation_nature as enum (
  'sale', 'off_plan_sale', 'building_land_sale', 'exchange', 'auction', 'expropriation'
);
comment on type app_base.mutation_nature is
  'How property changed hands, as DVF says: Vente, Vente en l''état futur d''achèvement, Vente terrain à bâtir, Echange, Adjudication, Expropriation.';

create type app_base.premises_type as enum ('house', 'flat', 'annex', 'commercial');
comment on type app_base.premises_type is
  'DVF''s type local: Maison, Appartement, Dépendance, Local industriel, commercial ou assimilé.';

create type app_base.release_status as enum ('loading', 'held', 'applied', 'rejected', 'undone', 'failed');
comment on type app_base.release_status is
  'Being loaded, waiting for an operator, in the ledger, turned down, taken back, or broken off.';

create table app_public.dvf_releases (
  id integer generated always as identity,
  code text not null,
  batch_id uuid not null default gen_random_uuid(),
  status app_base.release_status not null default 'loading',
  content_checksum text,
  line_count integer,
  accepted_count integer,
  rejected_count integer,
  repeated_count integer,
  transaction_count integer,
  added_count integer,
  corrected_count integer,
  withdrawn_count integer,
  unchanged_count integer,
  held_reasons jsonb,
  applied_order integer,
  started_at timestamptz not null default now(),
  completed_at timestamptz,
  decided_at timestamptz,
  views_refreshed_at timestamptz,
  constraint dvf_releases_pkey primary key (id),
  constraint dvf_releases_batch_id_key unique (batch_id),
  constraint dvf_releases_applied_order_key unique (applied_order),
  constraint dvf_releases_code_not_empty check (code <> ''),
  constraint dvf_releases_counts_add_up check (accepted_count + rejected_count = line_count),
  constraint dvf_releases_applied_has_order check ((status = 'applied') = (applied_order is not null))
);
create unique index dvf_releases_code_key on app_public.dvf_releases (code)
  where status in ('loading', 'held', 'applied');
create unique index dvf_releases_loading_key on app_public.dvf_releases ((true)) where status = 'loading';
create index dvf_releases_content_checksum_idx on app_public.dvf_releases (content_checksum);
alter table app_public.dvf_releases enable row level security;

create table app_public.dvf_sources (
  release_id integer not null,
  source_no smallint not null,
  name text not null,
  checksum text not null,
  byte_count bigint not null,
  dialect text not null,
  line_count integer not null,
  accepted_count integer not null,
  rejected_count integer not null,
  constraint dvf_sources_pkey primary key (release_id, source_no),
  constraint dvf_sources_release_id_fkey foreign key (release_id)
    references app_public.dvf_releases on delete cascade,
  constraint dvf_sources_counts_add_up check (accepted_count + rejected_count = line_count)
);
alter table app_public.dvf_sources enable row level security;

create table app_public.dvf_release_scopes (
  release_id integer not null,
  department_code text collate "C" not null,
  insee_code text collate "C" not null default '',
  sold_year smallint not null,
  line_count integer not null,
  transaction_count integer,
  constraint dvf_release_scopes_pkey primary key (release_id, department_code, insee_code, sold_year),
  constraint dvf_release_scopes_release_id_fkey foreign key (release_id)
    references app_public.dvf_releases on delete cascade
);
alter table app_public.dvf_release_scopes enable row level security;

create table app_private.dvf_rejects (
  release_id integer not null,
  source_no smallint not null,
  line_no integer not null,
  raw bytea not null,
  reason text not null,
  detail text not null,
  constraint dvf_rejects_pkey primary key (release_id, source_no, line_no),
  constraint dvf_rejects_release_id_fkey foreign key (release_id)
    references app_public.dvf_releases on delete cascade
);
alter table app_private.dvf_rejects enable row level security;

create table app_private.dvf_lines (
  release_id integer not null,
  shard smallint not null,
  source_no smallint not null,
  line_no integer not null,
  fingerprint bigint not null,
  key_digest bigint not null,
  unit_digest bigint not null,
  premises_digest bigint not null,
  land_digest integer not null,
  sold_on date not null,
  nature app_base.mutation_nature not null,
  disposition_no integer not null,
  price_cents bigint,
  document_service text collate "C",
  document_reference text collate "C",
  mutation_hint text collate "C",
  street_number integer,
  street_suffix text collate "C",
  street_name text collate "C",
  street_code text collate "C",
  postal_code text collate "C",
  insee_code text collate "C" not null,
  registered_insee_code text collate "C",
  department_code text collate "C" not null,
  parcel_id text collate "C" not null,
  registered_parcel_id text collate "C",
  volume_no text collate "C",
  lots text[] collate "C",
  lot_carrez_m2 double precision[],
  carrez_surface_m2 double precision,
  lot_count smallint not null default 0,
  premises_type app_base.premises_type,
  premises_reference text collate "C",
  built_surface_m2 integer,
  room_count smallint,
  land_use_code text collate "C",
  special_land_use_code text collate "C",
  land_surface_m2 integer,
  longitude double precision,
  latitude double precision
) partition by list (release_id);
alter table app_private.dvf_lines enable row level security;

-- When a release waits for an operator instead of being applied. One row.
create table app_private.dvf_settings (
  is_only_row boolean not null default true,
  rejected_share_max numeric(4, 3) not null default 0.02,
  volume_share_min numeric(4, 3) not null default 0.7,
  volume_judged_from integer not null default 20,
  constraint dvf_settings_pkey primary key (is_only_row),
  constraint dvf_settings_one_row check (is_only_row),
  constraint dvf_settings_shares_are_shares check (
    rejected_share_max between 0 and 1 and volume_share_min between 0 and 1
  )
);
insert into app_private.dvf_settings default values;
alter table app_private.dvf_settings enable row level security;
