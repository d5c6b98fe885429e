create function app_private.record_task_failure(
  task text,
  job_id bigint,
  payload jsonb,
  message text,
  hint text default null
)
returns bigint
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
  insert into app_public.task_failures (task, job_id, payload, message, hint)
  values ($1, $2, coalesce($3, 'null'::jsonb), $4, $5)
  returning id
$$;

comment on function app_private.record_task_failure(text, bigint, jsonb, text, text) is $$
Keeps a task's final refusal: what was asked, what was refused and what to do about it. Gives its number.

    select app_private.record_task_failure('check_dvf_release', 1, '{}', 'the address does not exist');
$$;
