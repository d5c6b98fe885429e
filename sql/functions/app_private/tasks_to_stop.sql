create function app_private.tasks_to_stop(task_ids bigint[], tokens bigint[])
returns table (task_id bigint, is_cancelled boolean)
language sql
stable
set enable_hashjoin = off
set enable_mergejoin = off
set search_path = pg_catalog, pg_temp
as $$
  select g.id, t.token = g.token and t.status = 'running'
  from unnest(task_ids, tokens) as g (id, token)
  left join app_public.pipeline_tasks as t on t.id = g.id
  left join app_public.pipeline_runs as r on r.id = t.run_id
  where t.token is distinct from g.token or t.status <> 'running' or r.cancel_requested_at is not null
$$;

comment on function app_private.tasks_to_stop(bigint[], bigint[]) is $$
Those of a worker's attempts that should stop: their run was called off (`is_cancelled`), or they have been overtaken.
$$;
