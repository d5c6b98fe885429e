create function app_private.check_attempt(task_id bigint, token bigint)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  task app_public.pipeline_tasks;
begin
  -- Until the caller's transaction ends nobody can begin another attempt: what it writes counts, or nothing does. The
  -- run comes first, as everywhere.
  perform from app_public.pipeline_runs as r
  where r.id = (select t.run_id from app_public.pipeline_tasks as t where t.id = check_attempt.task_id)
  for no key update;
  select t.* into task from app_public.pipeline_tasks as t where t.id = check_attempt.task_id for no key update;
  if not found then
    raise exception 'task % does not exist', check_attempt.task_id
      using errcode = 'PC404', hint = 'Its run may have been pruned.';
  end if;
  if task.status <> 'running' or task.token is distinct from check_attempt.token then
    raise exception 'attempt % at task % is over%', check_attempt.token, task.id,
        case when task.token is distinct from check_attempt.token then ', a later one has taken its place' else '' end
      using errcode = 'PC409', hint = 'Write nothing more for it.';
  end if;
end
$$;

comment on function app_private.check_attempt(bigint, bigint) is $$
Refuses an attempt that has been overtaken. Call it last in the transaction that writes a task's results: they are
undone with it.

PC404: there is no such task. PC409: a later attempt has taken its place, or it has ended.
$$;
