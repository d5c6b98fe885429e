comment on table app_private.audit_keys is $$
The key under which personal values are digested in the record of changes; one row, made with the table.

Nobody but the owner reads it. With another key old and new digests of one value would no longer be the same.
$$;
comment on column app_private.audit_keys.is_only_row is 'Keeps the table to one row.';
comment on column app_private.audit_keys.digest_key is 'The key, 32 random bytes.';
