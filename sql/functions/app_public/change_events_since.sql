-- Security definer: the filter is read by functions that are the owner's alone; whoever may call this may read all
-- changes anyway. One plan for all cursors, along the index of positions.
-- requires: sql/views/app_public/change_events.sql

create function app_public.change_events_since(
  cursor bigint default 0, row_limit integer default 100, filter jsonb default '{}'
)
returns setof app_public.change_events
language plpgsql
stable
security definer
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set search_path = pg_catalog, pg_temp
as $$
declare
  wanted record := app_private.read_event_filter(filter);
begin
  if row_limit is null or row_limit not between 1 and 100000 then
    raise exception 'row_limit is %, expected 1 to 100 000', coalesce(row_limit::text, 'null')
      using errcode = 'PC400', hint = 'Ask for the next events with the position of the last one as cursor.';
  end if;
  return query
    select
      b.first_position + c.ordinal - 1, c.batch_id, c.ordinal, c.kind, c.property_id, s.code, c.insee_code,
      c.property_type, c.field_name, c.old_value, c.new_value, c.magnitude, c.confidence, c.changed_at, c.session_id,
      c.changed_by
    from app_public.change_batches as b
    cross join lateral (
      select c.*
      from app_public.property_changes as c
      where c.batch_id = b.id
        and c.ordinal > coalesce(cursor, 0) - b.first_position + 1
        and c.changed_at between b.opened_at and b.sealed_at
        and (wanted.insee_codes is null or c.insee_code = any (wanted.insee_codes))
        and (wanted.property_types is null or c.property_type = any (wanted.property_types))
        and (wanted.kinds is null or c.kind = any (wanted.kinds))
        and (wanted.source_ids is null or c.source_id = any (wanted.source_ids))
      order by c.ordinal
      limit row_limit
    ) as c
    join app_public.sources as s on s.id = c.source_id
    where b.first_position is not null and b.last_position > coalesce(cursor, 0)
    order by b.last_position, c.ordinal
    limit row_limit;
end
$$;

comment on function app_public.change_events_since(bigint, integer, jsonb) is $$
The next changes after a position, in the order in which they were committed, at most `row_limit`.

A subscriber asks with the position of the last change it has dealt with (0 for all there ever were); whoever stores
that position together with what he made of the change sees each one once. None is skipped: a position is drawn at the
very end of a transaction, so that what is committed later stands later. `filter` is
`{"city": …, "insee_code": …, "property_type": …, "kind": …, "source": …}`, each a word or a list of words, all optional.

    select position, kind, field_name, new_value from change_events_since(0, 3, '{"city": "Rennes", "kind": "updated"}');

PC400: the filter or the limit cannot be read. PC404: there is no such city or source.
$$;

grant execute on function app_public.change_events_since(bigint, integer, jsonb) to app_analyst;
