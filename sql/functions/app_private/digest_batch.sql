-- One plan for all batches, over the index, which gives the changes in order; a plan made for a large batch would read
-- everything for a small one. Instants leave out the months that cannot hold any.
-- requires: sql/functions/app_private/change_digest.sql
-- requires: sql/functions/app_private/action_digest.sql
-- requires: sql/functions/app_private/batch_digest.sql

create function app_private.digest_batch(
  batch bigint, session uuid, actor text, opened_at timestamptz, closed_at timestamptz, only_digest bytea,
  out digest bytea, out change_count integer, out action_count integer
)
language plpgsql
stable
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  changes bytea := only_digest;
  actions bytea;
begin
  change_count := 1;
  action_count := 0;
  if only_digest is null then
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
end
$$;

comment on function app_private.digest_batch(bigint, uuid, text, timestamptz, timestamptz, bytea) is $$
The digest of this transaction's batch with all its entries, and how many changes and actions it holds. The batch was
open between the two instants; `only_digest` is that of its only change, if it holds no more. See app_private.batch_digest.
$$;
