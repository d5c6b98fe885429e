-- requires: sql/functions/app_private/insert_scrape_items.sql
-- requires: sql/functions/app_private/stage_scraped_rows.sql
-- One transaction for many items: what they bring is staged exactly when they are done.

create function app_private.finish_scrape_items(
  session uuid, token bigint, results jsonb, rows jsonb default '[]', items jsonb default '[]'
)
returns app_private.scrape_leases
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  answer app_private.scrape_leases := app_private.held_lease(session, token);
  filled app_public.scrape_sessions := app_private.fillable_session(session);
  -- Items that named homes, and those of them that named one nobody had named before.
  naming bigint[];
  bringing bigint[];
  ended record;
begin
  if rows <> '[]' then
    perform app_private.stage_scraped_rows(filled, rows);
  end if;
  if items <> '[]' then
    select array_agg(distinct g."parentId") into naming
    from jsonb_to_recordset(items) as g (kind text, "parentId" bigint)
    where g.kind = 'home';
    select array_agg(distinct i.parent_id) filter (where i.kind = 'home') into bringing
    from app_private.insert_scrape_items(session, items, false) as i;
    -- The next page is worth asking for when this one showed something that no page before it did.
    perform app_private.insert_scrape_items(session, items, true, bringing)
    where jsonb_path_exists(items, '$[*] ? (@.needsNew == true)');
  end if;

  with
    given as (
      select g.*, g.id = any (naming) and not coalesce(g.id = any (bringing), false) as is_repeated
      from jsonb_to_recordset(results) as g (
        id bigint, status app_base.scrape_item_status, requests integer, found integer, announced integer,
        coverage app_base.scrape_coverage, staged integer, error jsonb, "retrySeconds" double precision
      )
    ),
    -- By their numbers: a session this young is nothing that the planner knows of.
    told as (
      update app_public.scrape_items as i
      set
        status = g.status,
        retry_at = case when g.status = 'waiting' then clock_timestamp() + make_interval(secs => g."retrySeconds") end,
        request_count = i.request_count + coalesce(g.requests, 0),
        found_count = g.found,
        announced_count = g.announced,
        staged_count = g.staged,
        coverage = g.coverage,
        error = case
          when g.error is not null then g.error
          when g.is_repeated and i.kind = 'search' then '{"reason": "repeated_page"}'::jsonb
        end,
        finished_at = case when g.status <> 'waiting' then clock_timestamp() end
      from given as g
      where i.id = g.id and (i.session_id = session) is true and i.status = 'running'
      returning g.status, g.requests, g.found, g.staged
    )
  select
    count(*) as item_count,
    count(*) filter (where t.status = 'done') as done_count,
    count(*) filter (where t.status = 'failed') as failed_count,
    count(*) filter (where t.status = 'skipped') as skipped_count,
    coalesce(sum(t.requests), 0) as request_count,
    coalesce(sum(t.found), 0) as found_count,
    coalesce(sum(t.staged), 0) as staged_count
  into ended
  from told as t;
  if ended.item_count <> jsonb_array_length(results) then
    raise exception '% of % items were not in hand', jsonb_array_length(results) - ended.item_count,
        jsonb_array_length(results)
      using errcode = 'PC409', hint = 'Tell of each item once, after take_scrape_items has handed it out.';
  end if;
  update app_private.scrape_leases as l
  set
    done_count = l.done_count + ended.done_count,
    failed_count = l.failed_count + ended.failed_count,
    skipped_count = l.skipped_count + ended.skipped_count,
    request_count = l.request_count + ended.request_count,
    found_count = l.found_count + ended.found_count,
    staged_count = l.staged_count + ended.staged_count
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

comment on function app_private.finish_scrape_items(uuid, bigint, jsonb, jsonb, jsonb) is $$
Takes what items came to: stages their rows, adds the items they led to, and marks them; how far the scrape is.

`results` is a list of objects: id; status (done, failed, skipped, or waiting to try again after retrySeconds);
requests, found, announced, staged, coverage; error. `rows` are all their rows (stage_scraped_rows), `items` all they led
to (insert_scrape_items), each with its parentId; of these, those with needsNew are added only when the others of that
parent brought a home that was not known yet.

PC409: the token is an old one, the session was called off, or an item is not in hand: nothing of it has happened.
$$;
