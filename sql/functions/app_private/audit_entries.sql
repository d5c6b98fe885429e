-- requires: sql/functions/app_private/change_digest.sql
-- requires: sql/functions/app_private/action_digest.sql
-- requires: sql/functions/app_private/batch_digest.sql

create function app_private.audit_entries()
returns setof app_public.audit_finding
language sql
stable
set enable_nestloop = off
set search_path = pg_catalog, pg_temp
as $$
  with
    let_go as (
      select coalesce(range_agg(r.batches), '{}') as batches
      from app_public.audit_seals as s
      cross join lateral unnest(s.batch_ids) as r (batches)
    ),
    changes as (
      select
        c.batch_id,
        count(*) as entry_count,
        string_agg(app_private.change_digest(c), '' order by c.ordinal) as digests,
        count(distinct c.ordinal) filter (where c.ordinal > 0) as number_count,
        max(c.ordinal) as last_ordinal
      from app_public.property_changes as c
      group by c.batch_id
    ),
    actions as (
      select
        a.batch_id,
        count(*) as entry_count,
        string_agg(app_private.action_digest(a), '' order by a.ordinal) as digests
      from app_public.admin_actions as a
      group by a.batch_id
    )
  select
    coalesce(b.id, c.batch_id, a.batch_id),
    b.chain_no,
    case
      when b.id is null then format('%s entries belong to no batch of the chain',
        coalesce(c.entry_count, 0) + coalesce(a.entry_count, 0))
      when coalesce(c.entry_count, 0) < b.change_count then format('%s of its %s changes are missing%s',
        b.change_count - coalesce(c.entry_count, 0), b.change_count, app_private.missing_ordinals(b.id, b.change_count))
      when c.entry_count > b.change_count then format('%s changes were added to its %s',
        c.entry_count - b.change_count, b.change_count)
      when coalesce(a.entry_count, 0) < b.action_count then format('%s of its %s actions are missing',
        b.action_count - coalesce(a.entry_count, 0), b.action_count)
      when a.entry_count > b.action_count then format('%s actions were added to its %s',
        a.entry_count - b.action_count, b.action_count)
      when c.number_count <> b.change_count or c.last_ordinal <> b.change_count
        then 'its changes were given other numbers'
      else 'one of its entries, or what it says of itself, was edited'
    end
  from app_public.change_batches as b
  full join changes as c on c.batch_id = b.id
  full join actions as a on a.batch_id = coalesce(b.id, c.batch_id)
  where
    b.id is null
    or (
      not (select l.batches from let_go as l) @> b.id
      and b.entries_digest <> app_private.batch_digest(
        b.id, b.session_id, b.actor, b.transaction_id, coalesce(c.entry_count, 0), coalesce(a.entry_count, 0),
        b.opened_at, b.sealed_at, c.digests, a.digests
      )
    )
    or (
      not (select l.batches from let_go as l) @> b.id
      and (coalesce(c.entry_count, 0) <> b.change_count or coalesce(a.entry_count, 0) <> b.action_count)
    )
$$;

comment on function app_private.audit_entries() is $$
Batches whose changes and operators' actions are not those that were sealed: edited, added, missing, or in no batch of
the chain. Changes let go by policy are not asked for.
$$;
