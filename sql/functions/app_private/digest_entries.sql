-- One plan for all batches, over the index, which gives the changes in order; a plan made for a large batch would read
-- everything for a small one. Instants leave out the months that cannot hold any.
-- requires: sql/functions/app_private/change_digest.sql
-- requires: sql/functions/app_private/action_digest.sql

create function app_private.digest_entries(
  batch bigint, opened_at timestamptz, closed_at timestamptz,
  out digest bytea, out change_count integer, out action_count integer
)
language plpgsql
stable
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
  changes bytea;
  actions bytea;
begin
  select string_agg(app_private.change_digest(c), '' order by c.ordinal), count(*)
  into changes, change_count
  from app_public.property_changes as c
  where c.batch_id = batch and c.changed_at between opened_at and closed_at;
  select string_agg(app_private.action_digest(a), '' order by a.ordinal), count(*)
  into actions, action_count
  from app_public.admin_actions as a
  where a.batch_id = batch;
  digest := sha256(coalesce(changes, '') || coalesce(actions, ''));
end
$$;

comment on function app_private.digest_entries(bigint, timestamptz, timestamptz) is $$
The sha256 over the digests of a batch's entries, its changes by ordinal, then the operators' actions by ordinal, and how
many of each there are. The batch was open between the two instants.
$$;
