-- requires: sql/functions/app_private/insert_scrape_items.sql
-- One transaction for many items: what they bring is staged exactly when they are done.

create function app_private.finish_scrape_items(session uuid, token bigint, results jsonb)
returns app_private.scrape_leases
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  answer app_private.scrape_leases := app_private.held_lease(session, token);
  filled app_public.scrape_sessions := app_private.fillable_session(session);
  rows jsonb;
  items jsonb;
  led_on jsonb;
  bringing bigint[];
  naming bigint[];
begin
  -- What is not in the caller's hands has been told already, or by somebody else.
  if exists (
    select from jsonb_array_elements(results) as r (result)
    where not exists (
      select from app_public.scrape_items as i
      where i.id = (r.result ->> 'id')::bigint and i.session_id = session and i.status = 'running'
    )
  ) then
    select coalesce(jsonb_agg(r.result order by r.ordinal), '[]') into results
    from jsonb_array_elements(results) with ordinality as r (result, ordinal)
    join app_public.scrape_items as i
      on i.id = (r.result ->> 'id')::bigint and i.session_id = session and i.status = 'running';
  end if;
  select jsonb_agg(w.element) into rows
  from jsonb_array_elements(results) as r (result)
  cross join lateral jsonb_array_elements(r.result -> 'rows') as w (element);
  if rows is not null then
    perform app_private.insert_staged_rows(filled, rows);
  end if;

  -- What a result led to that nobody had led to before: an item of each key belongs to the first that names it.
  select
    jsonb_agg(e.element order by e.ordinal) filter (where not e.needs_new),
    array_agg(distinct e.parent_id) filter (where e.is_home and e.is_first),
    array_agg(distinct e.parent_id) filter (where e.is_home)
  into items, bringing, naming
  from (
    select
      w.element || jsonb_build_object('parentId', r.result -> 'id') as element,
      (r.result ->> 'id')::bigint as parent_id,
      coalesce((w.element ->> 'needsNew')::boolean, false) as needs_new,
      w.element ->> 'kind' = 'home' as is_home,
      row_number() over (order by r.ordinal, w.ordinal) as ordinal,
      row_number() over (partition by w.element ->> 'key' order by r.ordinal, w.ordinal) = 1 and i.id is null as is_first
    from jsonb_array_elements(results) with ordinality as r (result, ordinal)
    cross join lateral jsonb_array_elements(r.result -> 'items') with ordinality as w (element, ordinal)
    left join app_public.scrape_items as i on i.session_id = session and i.item_key = w.element ->> 'key'
  ) as e;
  -- The next page is worth asking for when this one showed something that no page before it did.
  select jsonb_agg(w.element || jsonb_build_object('parentId', r.result -> 'id')) into led_on
  from jsonb_array_elements(results) as r (result)
  cross join lateral jsonb_array_elements(r.result -> 'items') as w (element)
  where (w.element ->> 'needsNew')::boolean and (r.result ->> 'id')::bigint = any (bringing);
  if items is not null then
    perform app_private.insert_scrape_items(session, items);
  end if;
  if led_on is not null then
    perform app_private.insert_scrape_items(session, led_on);
  end if;

  with
    given as (
      select
        g.*,
        case when jsonb_typeof(r.result -> 'rows') = 'array' then jsonb_array_length(r.result -> 'rows') else 0 end
          as row_count,
        -- Everything it showed had been shown before: pages repeat.
        g.id = any (naming) and not coalesce(g.id = any (bringing), false) as is_repeated
      from jsonb_array_elements(results) as r (result)
      cross join lateral jsonb_to_record(r.result) as g (
        id bigint, status app_base.scrape_item_status, requests integer, found integer, announced integer,
        coverage app_base.scrape_coverage, error jsonb, "retrySeconds" double precision
      )
    ),
    ended as (
      update app_public.scrape_items as i
      set
        status = g.status,
        retry_at = case when g.status = 'waiting' then clock_timestamp() + make_interval(secs => g."retrySeconds") end,
        request_count = i.request_count + coalesce(g.requests, 0),
        found_count = g.found,
        announced_count = g.announced,
        staged_count = case when g.status = 'done' then g.row_count end,
        coverage = g.coverage,
        error = coalesce(g.error, case when g.is_repeated and i.kind = 'search' then '{"reason": "repeated_page"}'::jsonb end),
        finished_at = case when g.status <> 'waiting' then clock_timestamp() end
      from given as g
      where i.id = g.id and i.session_id = session and i.status = 'running'
      returning g.status, g.requests, g.found, g.row_count
    )
  update app_private.scrape_leases as l
  set
    done_count = l.done_count + e.done_count,
    failed_count = l.failed_count + e.failed_count,
    skipped_count = l.skipped_count + e.skipped_count,
    request_count = l.request_count + e.request_count,
    found_count = l.found_count + e.found_count,
    staged_count = l.staged_count + e.staged_count
  from (
    select
      count(*) filter (where e.status = 'done') as done_count,
      count(*) filter (where e.status = 'failed') as failed_count,
      count(*) filter (where e.status = 'skipped') as skipped_count,
      coalesce(sum(e.requests), 0) as request_count,
      coalesce(sum(e.found), 0) as found_count,
      coalesce(sum(e.row_count), 0) as staged_count
    from ended as e
  ) as e
  where l.session_id = session
  returning l.* into answer;
  update app_public.scrape_sessions as s
  set
    page_count = answer.request_count,
    item_count = answer.staged_count,
    heartbeat_at = clock_timestamp()
  where s.id = session;
  return answer;
end
$$;

comment on function app_private.finish_scrape_items(uuid, bigint, jsonb) is $$
Takes what items came to: stages their rows, adds the items they led to, and marks them; how far the scrape is.

`results` is a list of objects: id; status (done, failed, skipped, or waiting to try again after retrySeconds); requests,
found, announced, coverage; rows; items, of which those with needsNew are added only when the others brought something
that was not there yet; error. An item that is not in the caller's hands is left alone.

PC409: the token is an old one, or the session was called off: nothing of it has happened.
$$;
