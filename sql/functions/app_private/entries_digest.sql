-- requires: sql/functions/app_private/change_digest.sql
-- requires: sql/functions/app_private/action_digest.sql

create function app_private.entries_digest(batch bigint)
returns bytea
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select sha256(
    coalesce((
      select string_agg(app_private.change_digest(c), '' order by c.ordinal)
      from app_public.property_changes as c
      where c.batch_id = batch
    ), '')
    || coalesce((
      select string_agg(app_private.action_digest(a), '' order by a.ordinal)
      from app_public.admin_actions as a
      where a.batch_id = batch
    ), '')
  )
$$;

comment on function app_private.entries_digest(bigint) is $$
The sha256 over the digests of a batch's entries: its changes by ordinal, then the operators' actions by ordinal.
$$;
