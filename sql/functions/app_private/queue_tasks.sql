-- The job's number is kept with the task, so that a job which was overtaken by a newer one is recognised. Retries are
-- the database's business: graphile-worker only tries again when a worker dies, hence its many attempts.

create function app_private.queue_tasks(task_ids bigint[], delays interval[] default null)
returns void
language sql
volatile
set enable_hashjoin = off
set enable_mergejoin = off
set search_path = pg_catalog, pg_temp
as $$
  with
    wanted as materialized (
      select t.id, s.task, coalesce(w.delay, '0') as delay,
        s.concurrency_group || '/' || coalesce(t.lane, t.id) % g.running_at_most as queue
      from rows from (unnest(task_ids), unnest(delays)) with ordinality as w (id, delay, ordinality)
      join app_public.pipeline_tasks as t on t.id = w.id
      join app_public.pipeline_run_stages as s on s.run_id = t.run_id and s.stage_no = t.stage_no
      left join app_public.concurrency_groups as g on g.name = s.concurrency_group
    ),
    jobs as materialized (
      select j.id, (j.payload ->> 'taskId')::bigint as task_id
      from graphile_worker.add_jobs(array(
        select row(
          w.task, json_build_object('taskId', w.id), w.queue, clock_timestamp() + w.delay, 1000, null, 0, null
        )::graphile_worker.job_spec
        from wanted as w
        order by w.id
      )) as j
    )
  update app_public.pipeline_tasks as t
  set job_id = j.id
  from jobs as j
  where t.id = j.task_id
$$;

comment on function app_private.queue_tasks(bigint[], interval[]) is $$
Puts tasks into the queue, each after its delay (at once where there is none); a job that stands there for one of them
is out of date from now on.
$$;
