-- Deferred to the end of the transaction: positions drawn under the lock are then in the order of commits, and nothing
-- that can wait comes after them. Digests are computed before the lock is taken, so that it is held for little more
-- than the commit. Security definer: a batch is sealed whoever changed the homes.

create function app_private.tg_change_batches__seal()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  digest bytea := app_private.entries_digest(new.id);
  batch app_public.change_batches;
begin
  if current_setting('transaction_isolation') = 'read committed' then
    batch := app_private.link_batch(new.id, digest);
  else
    -- An older snapshot may not show the end of the chain.
    begin
      batch := app_private.link_batch(new.id, digest);
    exception when unique_violation then
      raise exception 'could not add to the chain of changes, since it grew after this transaction began'
        using errcode = 'serialization_failure', hint = 'Run the transaction again.';
    end;
  end if;
  if batch.change_count > 0 then
    perform pg_notify('parcelle_changes', json_build_object(
      'position', batch.last_position, 'changes', batch.change_count, 'session_id', batch.session_id
    )::text);
  end if;
  return null;
end
$$;

comment on function app_private.tg_change_batches__seal() is $$
Seals the batch of a transaction at its end: positions, link, and one NOTIFY parcelle_changes whose payload is
`{"position": last position, "changes": how many, "session_id": …}`.

40001: the transaction is repeatable read or serializable, and others have committed changes since it began.
$$;

create constraint trigger _500_seal
after insert on app_public.change_batches
deferrable initially deferred
for each row execute function app_private.tg_change_batches__seal();
