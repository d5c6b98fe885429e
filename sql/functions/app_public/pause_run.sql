-- requires: sql/functions/app_private/hold_back_tasks.sql
-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.pause_run(run_id integer)
returns app_public.pipeline_runs
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  answer app_public.pipeline_runs;
begin
  select r.* into answer from app_public.pipeline_runs as r where r.id = pause_run.run_id for no key update;
  if not found then
    raise exception 'run % does not exist', pause_run.run_id
      using errcode = 'PC404', hint = 'List the runs with: parcelle pipeline status';
  end if;
  if answer.status not in ('queued', 'running') or answer.cancel_requested_at is not null then
    raise exception 'run % is over or being called off', answer.id
      using errcode = 'PC409', hint = 'Only a run that is queued or at work can be paused.';
  end if;
  if answer.paused_at is null then
    update app_public.pipeline_runs as r set paused_at = clock_timestamp() where r.id = answer.id returning r.* into answer;
    perform from app_public.pipeline_tasks as t
    where t.run_id = answer.id and t.status = 'waiting' order by t.id for no key update;
    perform app_private.hold_back_tasks(answer.id);
  end if;
  return answer;
end
$$;

comment on function app_public.pause_run(integer) is $$
Keeps back what a run has waiting; tasks at work go on to their end.

    select paused_at from pause_run(12);

PC404: there is no such run. PC409: it has ended or is being called off.
$$;

grant execute on function app_public.pause_run(integer) to app_analyst;
