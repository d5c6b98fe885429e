-- What the batch holds so far is kept in a setting of the transaction, not in a row: a row would be written twice for
-- each edit. A rolled back savepoint takes the setting back along with the entries.

create function app_private.open_batch(
  out batch_id bigint, out change_count integer, out action_count integer, out session_id uuid, out actor text,
  out changed_at timestamptz
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  state text[] := string_to_array(current_setting('parcelle.batch', true), ' ', '-');
begin
  session_id := nullif(current_setting('parcelle.session_id', true), '')::uuid;
  actor := coalesce(nullif(current_setting('parcelle.actor', true), ''), session_user);
  if state[1] = pg_current_xact_id()::text and state[6] is not distinct from session_id::text then
    batch_id := state[2];
    change_count := state[3];
    action_count := state[4];
    changed_at := state[5];
  else
    batch_id := nextval('app_public.change_batches_id_seq');
    change_count := 0;
    action_count := 0;
  end if;
  if session_id is not null then
    -- Between the opening of the batch and now, so that its entries are found by their instants.
    changed_at := greatest(
      changed_at, least(nullif(current_setting('parcelle.changed_at', true), '')::timestamptz, clock_timestamp())
    );
  end if;
  changed_at := coalesce(changed_at, clock_timestamp());
end
$$;

comment on function app_private.open_batch() is $$
The batch into which this transaction writes what it changes, and in whose name it does. What a session changes has a
batch of its own.

The session is the setting `parcelle.session_id`, without which a change is an edit; the actor is `parcelle.actor` or the
login role; the instant is `parcelle.changed_at` for a session, else when the transaction first changed something. What
was written must be counted by app_private.count_in_batch before the batch is asked for again.
$$;
