-- requires: sql/functions/app_private/finish_task.sql
-- Only names that the reference seeds have written into pipeline_stages are called.

create function app_private.run_sql_stage(task_id bigint, token bigint)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  task app_public.pipeline_tasks;
  function_name text;
  answer jsonb;
begin
  select t.* into task from app_public.pipeline_tasks as t where t.id = run_sql_stage.task_id;
  select s.sql_function into function_name
  from app_public.pipeline_run_stages as s where s.run_id = task.run_id and s.stage_no = task.stage_no;
  if function_name is null then
    raise exception 'task % is not done by a function', run_sql_stage.task_id
      using errcode = 'PC404', hint = 'Only stages whose task is run_sql_stage name one.';
  end if;
  execute format('select app_private.%I($1, $2)', function_name) into answer using task.run_id, task.params;
  perform app_private.finish_task(
    run_sql_stage.task_id, run_sql_stage.token, 'succeeded', (answer ->> 'item_count')::integer,
    (answer ->> 'failed_item_count')::integer, answer
  );
  return answer;
end
$$;

comment on function app_private.run_sql_stage(bigint, bigint) is $$
Does a task by the function its stage names, and ends it, in one transaction: what an overtaken attempt did is undone.
Gives the result; `item_count` and `failed_item_count` in it are the task's counts.

PC404: the task is not done by a function. PC409: a later attempt has taken its place.
$$;
