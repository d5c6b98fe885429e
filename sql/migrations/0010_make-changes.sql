-- What changed, in which order it was committed, and the chain that shows when an entry was tampered with.

create type app_base.property_change_kind as enum (
  'new', 'updated', 'likely_removed', 'removed', 'reactivated', 'sold', 'deleted'
);
comment on type app_base.property_change_kind is
  'What happened to a home: seen for the first time, a field differs, absent, gone, back again, sold, or its row taken away.';

-- A batch is the changes of one transaction. Its positions and its link are drawn last before commit under a lock, so
-- that the order of positions is the order of commits and no position is ever filled in later.
create table app_public.change_batches (
  id bigint not null generated always as identity,
  session_id uuid,
  actor text not null default session_user,
  transaction_id xid8 not null default pg_current_xact_id(),
  change_count integer not null default 0,
  action_count integer not null default 0,
  first_position bigint,
  last_position bigint,
  entries_digest bytea,
  previous_link bytea,
  link bytea,
  opened_at timestamptz not null default clock_timestamp(),
  sealed_at timestamptz,
  constraint change_batches_pkey primary key (id),
  constraint change_batches_last_position_key unique (last_position),
  constraint change_batches_transaction_id_key unique (transaction_id)
);
create index change_batches_session_id_idx on app_public.change_batches (session_id);
alter table app_public.change_batches enable row level security;

create table app_public.property_changes (
  batch_id bigint not null,
  ordinal integer not null,
  property_id bigint not null,
  source_id smallint not null,
  session_id uuid,
  changed_by text not null,
  kind app_base.property_change_kind not null,
  field_name text collate "C",
  old_value jsonb,
  new_value jsonb,
  magnitude real,
  confidence real,
  confidence_cell integer,
  insee_code text collate "C",
  property_type app_base.property_type not null,
  changed_at timestamptz not null,
  constraint property_changes_update_names_field check (kind <> 'updated' or field_name is not null)
) partition by range (changed_at);
create index property_changes_batch_id_idx on app_public.property_changes (batch_id, ordinal);
create index property_changes_property_id_idx on app_public.property_changes (property_id, changed_at);
create table app_public.property_changes_default partition of app_public.property_changes default;
alter table app_public.property_changes enable row level security;
alter table app_public.property_changes_default enable row level security;

create table app_public.admin_actions (
  batch_id bigint not null,
  ordinal integer not null,
  actor text not null default session_user,
  action text not null,
  target text,
  details jsonb not null default '{}',
  acted_at timestamptz not null default clock_timestamp(),
  constraint admin_actions_pkey primary key (batch_id, ordinal),
  constraint admin_actions_batch_id_fkey foreign key (batch_id) references app_public.change_batches (id)
);
alter table app_public.admin_actions enable row level security;

-- What a dropped partition of changes held: its batches' links stay, their entries are no longer asked for.
create table app_public.audit_seals (
  partition_name text not null,
  first_batch_id bigint,
  last_batch_id bigint,
  change_count bigint not null,
  closing_link bytea,
  sealed_at timestamptz not null default now(),
  constraint audit_seals_pkey primary key (partition_name)
);
alter table app_public.audit_seals enable row level security;

-- The key of the digests that stand in the audit for personal values. One row, made by the database itself.
create table app_private.audit_keys (
  is_only_row boolean not null default true,
  digest_key bytea not null default extensions.gen_random_bytes(32),
  constraint audit_keys_pkey primary key (is_only_row),
  constraint audit_keys_one_row check (is_only_row)
);
insert into app_private.audit_keys default values;
alter table app_private.audit_keys enable row level security;

-- How often changes of one sort turned out true. A cell is a sort: kind, field, size of the step, quality of the
-- row, reliability of the source. Fitted from outcomes; a cell without enough of them keeps its prior.
create table app_public.change_confidence_cells (
  cell integer not null,
  kind app_base.property_change_kind not null,
  field_name text collate "C",
  label text not null,
  prior real not null,
  confidence real not null,
  outcome_count integer not null default 0,
  fitted_at timestamptz,
  constraint change_confidence_cells_pkey primary key (cell),
  constraint change_confidence_cells_shares check (prior between 0 and 1 and confidence between 0 and 1)
);
alter table app_public.change_confidence_cells enable row level security;

create table app_public.change_outcomes (
  batch_id bigint not null,
  ordinal integer not null,
  cell integer not null,
  is_true boolean not null,
  told_by text not null default session_user,
  told_at timestamptz not null default now(),
  constraint change_outcomes_pkey primary key (batch_id, ordinal)
);
create index change_outcomes_cell_idx on app_public.change_outcomes (cell);
alter table app_public.change_outcomes enable row level security;

-- What a session would change, kept for whoever decides about it before it is applied.
create table app_public.detected_changes (
  session_id uuid not null,
  property_id bigint,
  source_key text collate "C" not null,
  kind app_base.property_change_kind not null,
  field_name text collate "C",
  old_value jsonb,
  new_value jsonb,
  magnitude real,
  confidence real
);
create index detected_changes_session_id_idx on app_public.detected_changes (session_id, kind);
alter table app_public.detected_changes enable row level security;
