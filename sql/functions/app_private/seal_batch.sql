create function app_private.seal_batch(
  batch bigint, session uuid, actor text, opened_at timestamptz, first_digest bytea
)
returns void
language plpgsql
volatile
as $$
declare
  state text[] := string_to_array(current_setting('parcelle.batch', true), ' ');
  closed_at timestamptz := clock_timestamp();
  entries record;
  place bigint;
begin
  -- Asked for by its first change and by its first action; the transaction may have begun another batch in between.
  if state[1] = 'sealed' and state[2] = batch::text
    or state[2] is distinct from batch::text
      and exists (select from app_public.change_batches as b where b.id = batch) then
    return;
  end if;
  -- Before the lock is taken, so that it is held for little more than the commit.
  entries := app_private.digest_batch(
    batch, session, actor, opened_at, closed_at,
    -- A batch of one change, as most edits are, needs not be read again.
    case when state[2] = batch::text and state[3] = '1' and state[4] = '0' then first_digest end
  );
  if current_setting('transaction_isolation') = 'read committed' then
    place := app_private.link_batch(batch, session, actor, opened_at, closed_at, entries);
  else
    -- An older snapshot may not show the end of the chain.
    begin
      place := app_private.link_batch(batch, session, actor, opened_at, closed_at, entries);
    exception when unique_violation then
      raise exception 'could not add to the chain of changes, since it grew after this transaction began'
        using errcode = 'serialization_failure', hint = 'Run the transaction again.';
    end;
  end if;
  if entries.change_count > 0 then
    perform pg_notify('parcelle_changes', json_build_object(
      'position', place, 'changes', entries.change_count, 'session_id', session
    )::text);
  end if;
  -- What the transaction still writes belongs to another batch.
  perform set_config('parcelle.batch', 'sealed ' || batch, true);
end
$$;

comment on function app_private.seal_batch(bigint, uuid, text, timestamptz, bytea) is $$
Closes a batch, unless it is closed already: adds it to the end of the chain, and sends one NOTIFY parcelle_changes,
`{"position": last position, "changes": how many, "session_id": …}`, if it holds changes.

40001: the transaction is repeatable read or serializable, and others have committed changes since it began.
$$;
