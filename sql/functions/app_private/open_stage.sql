-- A group of n has n queues, and graphile-worker runs one job of a queue at a time, over all workers; a worker that dies
-- gives its queue back with its jobs. Tasks are dealt out to the queues in turn, so one queue may wait while another is
-- done: the price for needing no table of slots that would have to be swept.
-- Each job is due a microsecond after the one before it, so that jobs of one lane keep their order.

create function app_private.open_stage(run app_public.pipeline_runs, wanted smallint)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  opened app_public.pipeline_run_stages;
  group_size smallint;
  made integer;
begin
  select s.* into strict opened
  from app_public.pipeline_run_stages as s where s.run_id = run.id and s.stage_no = wanted;
  select g.running_at_most into group_size
  from app_public.concurrency_groups as g where g.name = opened.concurrency_group;
  execute format(
    'with
       items as materialized (
         select nextval(''app_private.pipeline_task_id_seq'') as id, i.*
         from (select * from %s) as i
       ),
       jobs as materialized (
         select j.id, (j.payload ->> ''taskId'')::bigint as task_id
         from graphile_worker.add_jobs(array(
           select row(
             $3, json_build_object(''taskId'', i.id), $4 || ''/'' || coalesce(i.lane, i.id) %% $5,
             now() + i.ordinality * interval ''1 microsecond'', 1000, null, 0, null
           )::graphile_worker.job_spec
           from items as i
           order by i.ordinality
         )) as j
         where exists (select from items)
       )
     insert into app_public.pipeline_tasks (id, run_id, stage_no, item_key, params, lane, job_id)
     select i.id, $1, $2, i.item_key, i.params, i.lane, j.id
     from items as i
     join jobs as j on j.task_id = i.id',
    case
      when opened.items_function is null
        then '(values ('''', $6, null::integer, 1::bigint)) as v (item_key, params, lane, ordinality)'
      else format('app_private.%I($1) with ordinality as v (item_key, params, lane, ordinality)', opened.items_function)
    end
  )
  using run.id, wanted, opened.task, opened.concurrency_group, group_size, run.params;
  get diagnostics made = row_count;
  update app_public.pipeline_run_stages as s
  set
    status = case when made = 0 then 'succeeded' else 'running' end::app_base.stage_status,
    task_count = made, open_count = made, started_at = clock_timestamp(),
    finished_at = case when made = 0 then clock_timestamp() end
  where s.run_id = run.id and s.stage_no = wanted;
  return made;
end
$$;

comment on function app_private.open_stage(app_public.pipeline_runs, smallint) is $$
Opens a stage of a run: makes its tasks, one for each of its items, and puts them into the queue; how many. A stage
without items has succeeded.
$$;
