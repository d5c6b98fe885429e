-- requires: sql/functions/app_private/finish_tasks.sql

create function app_private.finish_task(
  task_id bigint,
  token bigint,
  outcome app_base.attempt_outcome,
  item_count integer default null,
  failed_item_count integer default null,
  result jsonb default null,
  error text default null
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  perform app_private.check_attempt(finish_task.task_id, finish_task.token);
  perform app_private.finish_tasks(
    array[finish_task.task_id], array[finish_task.token], array[finish_task.outcome], array[finish_task.item_count],
    array[finish_task.failed_item_count], array[finish_task.result], array[finish_task.error], array[null::bigint]
  );
end
$$;

comment on function app_private.finish_task(
  bigint, bigint, app_base.attempt_outcome, integer, integer, jsonb, text) is $$
Ends one attempt, as finish_tasks does many.

    select app_private.finish_task(81, 4711, 'succeeded', 12, 0, '{"homes": 12}');

PC404: there is no such task. PC409: a later attempt has taken its place, or it has ended.
$$;
