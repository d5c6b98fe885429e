create function app_private.open_batch(
  out batch_id bigint, out change_count integer, out is_new boolean, out session_id uuid, out actor text,
  out changed_at timestamptz
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  session_id := nullif(current_setting('parcelle.session_id', true), '')::uuid;
  actor := coalesce(nullif(current_setting('parcelle.actor', true), ''), session_user);
  select b.id, b.change_count, false, b.opened_at
  into batch_id, change_count, is_new, changed_at
  from app_public.change_batches as b
  where b.transaction_id = pg_current_xact_id() and b.sealed_at is null;
  if not found then
    batch_id := nextval('app_public.change_batches_id_seq');
    change_count := 0;
    is_new := true;
    changed_at := clock_timestamp();
  end if;
  if session_id is not null then
    changed_at := coalesce(nullif(current_setting('parcelle.changed_at', true), '')::timestamptz, changed_at);
  end if;
end
$$;

comment on function app_private.open_batch() is $$
The batch into which this transaction writes what it changes, and in whose name it does.

A new batch has its number but no row yet: app_private.count_in_batch writes it, so that what changes nothing leaves
none. The session is the setting `parcelle.session_id`, without which a change is an edit; the actor is `parcelle.actor`
or the login role; the instant is `parcelle.changed_at` for a session, else when the transaction first changed a home.
$$;
