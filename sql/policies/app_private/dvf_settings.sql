comment on table app_private.dvf_settings is
  'When a release waits for an operator instead of being applied. One row, for the owner to change.';
comment on column app_private.dvf_settings.is_only_row is 'True: there is one row.';
comment on column app_private.dvf_settings.rejected_share_max is 'Share of rejected lines, 0 to 1, above which a release is held.';
comment on column app_private.dvf_settings.volume_share_min is 'Share of the ledgers sales of a département or commune in a year, 0 to 1, under which a release is held.';
comment on column app_private.dvf_settings.volume_judged_from is 'Sales the ledger must hold before their loss is judged.';
