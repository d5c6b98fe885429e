comment on table app_private.transaction_versions is $$
A sale as it stood before a release corrected or withdrew it: what undo restores and what the time machine reads.

Nobody but the owner reads it; `transactions_as_of` shows the past to those who may see the present.
$$;
comment on column app_private.transaction_versions.release_id is 'The release that made this version a past one.';
comment on column app_private.transaction_versions.transaction_id is 'The sale.';
comment on column app_private.transaction_versions.image is 'The whole row of `transactions`, a key for each column.';
