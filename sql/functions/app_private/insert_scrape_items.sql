create function app_private.insert_scrape_items(session uuid, items jsonb)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  answer integer;
begin
  with
    given as (
      select g.*
      from rows from (
        jsonb_to_recordset(items) as (
          key text, kind text, params jsonb, priority smallint, "parentId" bigint, "isSettled" boolean
        )
      ) with ordinality as g (key, kind, params, priority, "parentId", "isSettled", ordinal)
    ),
    made as (
      insert into app_public.scrape_items (
        session_id, item_key, parent_id, kind, params, priority, status, finished_at
      )
      select session, g.key, g."parentId", g.kind, coalesce(g.params, '{}'), coalesce(g.priority, 0),
        case when g."isSettled" then 'skipped'::app_base.scrape_item_status else 'waiting' end,
        case when g."isSettled" then now() end
      from given as g
      order by g.ordinal
      on conflict do nothing
      returning status
    )
  update app_private.scrape_leases as l
  set item_count = l.item_count + m.made_count, skipped_count = l.skipped_count + m.settled_count
  from (
    select count(*) as made_count, count(*) filter (where m.status = 'skipped') as settled_count from made as m
  ) as m
  where l.session_id = session
  returning m.made_count into answer;
  return answer;
end
$$;

comment on function app_private.insert_scrape_items(uuid, jsonb) is $$
Adds items to a scrape; how many were not there yet. Of one key there is one item.

`items` is a list of objects with key, kind, params, priority, parentId, and isSettled for what needs no request.
$$;
