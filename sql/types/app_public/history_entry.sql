create type app_public.history_entry as (
  position bigint,
  changed_at timestamptz,
  kind app_base.property_change_kind,
  field_name text,
  old_value jsonb,
  new_value jsonb,
  confidence real,
  source text,
  session_id uuid,
  session_kind app_base.session_kind,
  session_name text,
  is_undone boolean,
  changed_by text
);
comment on type app_public.history_entry is 'A change in the history of one home.';
comment on column app_public.history_entry.position is 'Place among all changes, in the order of their commits.';
comment on column app_public.history_entry.changed_at is 'When.';
comment on column app_public.history_entry.kind is 'What happened to the home.';
comment on column app_public.history_entry.field_name is 'The column that changed; null where the home came to be or went.';
comment on column app_public.history_entry.old_value is 'What the field said before; personal values as keyed digests.';
comment on column app_public.history_entry.new_value is 'What it said since.';
comment on column app_public.history_entry.confidence is
  'How likely it seemed that this really happened, 0 to 1; null for an edit by hand.';
comment on column app_public.history_entry.source is 'Code of the source that reports the home.';
comment on column app_public.history_entry.session_id is 'The session that made the change; null for an edit by hand.';
comment on column app_public.history_entry.session_kind is 'Whether that was a report or the undoing of one.';
comment on column app_public.history_entry.session_name is 'Its name.';
comment on column app_public.history_entry.is_undone is 'Whether that session has been taken back since.';
comment on column app_public.history_entry.changed_by is 'Who made the change.';
