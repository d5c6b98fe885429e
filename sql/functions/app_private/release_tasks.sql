create function app_private.release_tasks(task_ids bigint[], tokens bigint[])
returns void
language sql
volatile
set enable_hashjoin = off
set enable_mergejoin = off
set search_path = pg_catalog, pg_temp
as $$
  update app_public.pipeline_tasks as t
  set status = 'waiting', attempt_count = t.attempt_count - 1, started_at = null, worker_id = null
  from unnest(task_ids, tokens) as g (id, token)
  where t.id = g.id and t.token = g.token and t.status = 'running'
$$;

comment on function app_private.release_tasks(bigint[], bigint[]) is $$
Takes back attempts that a worker began ahead of their turn and whose jobs it has given back to the queue.
$$;
