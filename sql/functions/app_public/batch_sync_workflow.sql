-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.batch_sync_workflow(session_ids uuid[], concurrency_limit integer default 2)
returns setof app_public.queued_sync
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  unknown uuid;
begin
  if concurrency_limit is null or concurrency_limit not between 1 and 64 then
    raise exception 'concurrency_limit is %, expected 1 to 64', coalesce(concurrency_limit::text, 'null')
      using errcode = 'PC400', hint = 'Give how many sessions may be synced at a time.';
  end if;
  select w.id into unknown
  from unnest(session_ids) as w (id)
  where not exists (select from app_public.scrape_sessions as s where s.id = w.id)
  limit 1;
  if found then
    raise exception 'session % does not exist', unknown
      using errcode = 'PC404', hint = 'List the sessions with: parcelle list-sessions';
  end if;
  -- Sessions of one source stand in one queue, in the order they were filled: side by side they would only wait for
  -- each other.
  return query
    with
      wanted as (
        select s.id, s.session_no, dense_rank() over (order by s.source_id) as source_rank
        from app_public.scrape_sessions as s
        where s.id = any (session_ids)
      ),
      queued as (
        select w.id, 'sync_' || w.source_rank % concurrency_limit as queue
        from wanted as w
        order by w.session_no
      )
    select q.id, q.queue, app_private.enqueue_sync_session(q.id, q.queue) from queued as q;
end
$$;

comment on function app_public.batch_sync_workflow(uuid[], integer) is $$
Has workers sync several sessions, at most `concurrency_limit` at a time; which queue each waits in.

Sessions of one source keep their order. Without a running worker (`parcelle work`, or any `parcelle serve`) they
wait; `parcelle sync-pending` syncs them at once.

    select queue, count(*) from batch_sync_workflow(array['8a1f…', '77c0…']::uuid[], 2) group by queue;

PC400: the limit is not between 1 and 64. PC404: one of the sessions does not exist.
$$;

grant execute on function app_public.batch_sync_workflow(uuid[], integer) to app_analyst;
