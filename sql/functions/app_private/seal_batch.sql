-- One plan for all batches, over the index, which gives the changes in order; a plan made for a large batch would read
-- everything for a small one. Instants leave out the months that cannot hold any.
-- requires: sql/functions/app_private/change_digest.sql
-- requires: sql/functions/app_private/action_digest.sql
-- requires: sql/functions/app_private/batch_digest.sql

create function app_private.seal_batch(
  batch bigint, session uuid, actor text, opened_at timestamptz, first_digest bytea
)
returns bigint
language plpgsql
volatile
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
  state text[] := string_to_array(current_setting('parcelle.batch', true), ' ');
  closed_at timestamptz := clock_timestamp();
  change_count integer := 1;
  action_count integer := 0;
  changes bytea := first_digest;
  actions bytea;
  digest bytea;
  place bigint;
  ended text;
begin
  -- Asked for by its first change and by its first action; the transaction may have begun another batch in between.
  if state[1] = 'sealed' and state[2] = batch::text
    or state[2] is distinct from batch::text
      and exists (select from app_public.change_batches as b where b.id = batch) then
    return null;
  end if;

  -- Digests come before the lock, so that it is held for little more than the commit. A batch of one change, as that of
  -- most edits is, needs not be read again.
  if first_digest is null or state[2] is distinct from batch::text or state[3] <> '1' or state[4] <> '0' then
    select string_agg(app_private.change_digest(c), '' order by c.ordinal), count(*)
    into changes, change_count
    from app_public.property_changes as c
    where c.batch_id = batch and c.changed_at between opened_at and closed_at;
    select string_agg(app_private.action_digest(a), '' order by a.ordinal), count(*)
    into actions, action_count
    from app_public.admin_actions as a
    where a.batch_id = batch;
  end if;
  digest := app_private.batch_digest(
    batch, session, actor, pg_current_xact_id(), change_count, action_count, opened_at, closed_at, changes, actions
  );

  if current_setting('transaction_isolation') = 'read committed' then
    place := app_private.link_batch(
      batch, session, actor, opened_at, closed_at, change_count, action_count, digest
    );
  else
    -- An older snapshot may not show the end of the chain.
    begin
      place := app_private.link_batch(
        batch, session, actor, opened_at, closed_at, change_count, action_count, digest
      );
    exception when unique_violation then
      raise exception 'could not add to the chain of changes, since it grew after this transaction began'
        using errcode = 'serialization_failure', hint = 'Run the transaction again.';
    end;
  end if;
  if change_count > 0 then
    perform pg_notify('parcelle_changes', json_build_object(
      'position', place, 'changes', change_count, 'session_id', session
    )::text);
  end if;
  -- What the transaction still writes belongs to another batch.
  ended := set_config('parcelle.batch', 'sealed ' || batch, true);
  return place;
end
$$;

comment on function app_private.seal_batch(bigint, uuid, text, timestamptz, bytea) is $$
Closes a batch, unless it is closed already: adds it to the end of the chain, and sends one NOTIFY parcelle_changes,
`{"position": last position, "changes": how many, "session_id": …}`, if it holds changes. The last position; null when
it was closed.

`first_digest` is the digest of its first change, null when it has none that asks.

40001: the transaction is repeatable read or serializable, and others have committed changes since it began.
$$;
