comment on table app_private.property_versions is $$
A home as it stood until something touched it: what undo restores and what any past instant is read from.

Partitions are months of replaced_at. Nobody but the owner reads it; `properties_as_of` shows the past to those who may
see the present. Without a version after an instant, what stands now stood then.
$$;
comment on column app_private.property_versions.id is
  'Number of the version; of two with one instant the lower one is the older.';
comment on column app_private.property_versions.property_id is 'The home.';
comment on column app_private.property_versions.replaced_at is 'Until when it stood so.';
comment on column app_private.property_versions.batch_id is 'The transaction that replaced it, in `change_batches`.';
comment on column app_private.property_versions.session_id is 'The session that replaced it; null for an edit by hand.';
comment on column app_private.property_versions.image is
  'The whole row; null where there was no home, since its row had been deleted.';
