-- requires: sql/functions/app_private/queue_tasks.sql
-- requires: sql/functions/app_private/begin_run.sql
-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.resume_run(run_id integer)
returns app_public.pipeline_runs
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  answer app_public.pipeline_runs;
  waiting bigint[];
begin
  select r.* into answer from app_public.pipeline_runs as r where r.id = resume_run.run_id for no key update;
  if not found then
    raise exception 'run % does not exist', resume_run.run_id
      using errcode = 'PC404', hint = 'List the runs with: parcelle pipeline status';
  end if;
  if answer.paused_at is null then
    return answer;
  end if;
  update app_public.pipeline_runs as r set paused_at = null where r.id = answer.id;
  if answer.status = 'queued' then
    perform app_private.begin_run(answer.id);
  elsif answer.status = 'running' and answer.cancel_requested_at is null then
    select array_agg(t.id order by t.id) into waiting
    from app_public.pipeline_tasks as t where t.run_id = answer.id and t.status = 'waiting';
    if waiting is not null then
      perform app_private.queue_tasks(waiting);
    end if;
    perform app_private.advance_run(answer.id);
  end if;
  select r.* into answer from app_public.pipeline_runs as r where r.id = resume_run.run_id;
  return answer;
end
$$;

comment on function app_public.resume_run(integer) is $$
Lets a paused run go on: what it has waiting stands in the queue again. A run that is not paused stays as it is.

    select paused_at from resume_run(12);  -- null

PC404: there is no such run.
$$;

grant execute on function app_public.resume_run(integer) to app_analyst;
