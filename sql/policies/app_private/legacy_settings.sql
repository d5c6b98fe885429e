comment on table app_private.legacy_settings is
  'Where properties_current looks: one row, changed by switch_legacy, rollback_legacy and retire_legacy.';
comment on column app_private.legacy_settings.is_only_row is 'Always true: there is one row.';
comment on column app_private.legacy_settings.reads_from is
  'The older table, for as long as there is one, or the live homes.';
comment on column app_private.legacy_settings.decided_by is 'Who switched last; null while nobody has.';
comment on column app_private.legacy_settings.decided_at is 'When that was.';
comment on column app_private.legacy_settings.retired_at is
  'When the older table was declared no longer needed; from then on there is no way back to it.';
