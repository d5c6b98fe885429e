create function app_private.insert_scrape_items(
  session uuid, items jsonb, is_for_news boolean default false, parents bigint[] default null
)
returns table (parent_id bigint, kind text)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
    with
      made as (
        insert into app_public.scrape_items as i (
          session_id, item_key, parent_id, kind, params, priority, status, finished_at
        )
        select session, g.key, g."parentId", g.kind, coalesce(g.params, '{}'), coalesce(g.priority, 0),
          case when g."isSettled" then 'skipped'::app_base.scrape_item_status else 'waiting' end,
          case when g."isSettled" then now() end
        from jsonb_to_recordset(items) as g (
          key text, kind text, params jsonb, priority smallint, "parentId" bigint, "isSettled" boolean, "needsNew" boolean
        )
        where coalesce(g."needsNew", false) = is_for_news and (parents is null and not is_for_news
          or g."parentId" = any (parents))
        on conflict do nothing
        returning i.parent_id, i.kind, i.status
      ),
      counted as (
        update app_private.scrape_leases as l
        set item_count = l.item_count + m.made_count, skipped_count = l.skipped_count + m.settled_count
        from (
          select count(*) as made_count, count(*) filter (where m.status = 'skipped') as settled_count from made as m
        ) as m
        where l.session_id = session
      )
    select m.parent_id, m.kind from made as m;
end
$$;

comment on function app_private.insert_scrape_items(uuid, jsonb, boolean, bigint[]) is $$
Adds items to a scrape; parent and kind of those that were not there yet. Of one key there is one item.

`items` is a list of objects with key, kind, params, priority, parentId, isSettled for what needs no request, and needsNew.
Those with needsNew are added when is_for_news is true, and then of these `parents` only; the others when it is false.
$$;
