-- requires: sql/functions/app_private/hold_back_tasks.sql
-- requires: sql/functions/app_private/advance_run.sql
-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.cancel_run(run_id integer)
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
  select r.* into answer from app_public.pipeline_runs as r where r.id = cancel_run.run_id for no key update;
  if not found then
    raise exception 'run % does not exist', cancel_run.run_id
      using errcode = 'PC404', hint = 'List the runs with: parcelle pipeline status';
  end if;
  if answer.status not in ('queued', 'running') then
    raise exception 'run % has %', answer.id, answer.status
      using errcode = 'PC409', hint = 'Only a run that is queued or at work can be cancelled.';
  end if;
  if answer.cancel_requested_at is null then
    update app_public.pipeline_runs as r
    set cancel_requested_at = clock_timestamp(), status = 'running', started_at = coalesce(r.started_at, clock_timestamp()),
      -- A queued run of a key that is at work stays out of its way.
      run_key = case r.status when 'running' then r.run_key end
    where r.id = answer.id;
    perform from app_public.pipeline_tasks as t
    where t.run_id = answer.id and t.status = 'waiting' order by t.id for no key update;
    perform app_private.hold_back_tasks(answer.id);
    with ended as (
      update app_public.pipeline_tasks as t
      set status = 'cancelled', finished_at = clock_timestamp()
      where t.run_id = answer.id and t.status = 'waiting'
      returning t.stage_no
    )
    update app_public.pipeline_run_stages as s
    set open_count = s.open_count - e.ended_count
    from (select e.stage_no, count(*)::integer as ended_count from ended as e group by e.stage_no) as e
    where s.run_id = answer.id and s.stage_no = e.stage_no;
    update app_public.pipeline_run_stages as s
    set status = 'cancelled', finished_at = clock_timestamp()
    where s.run_id = answer.id and (s.status = 'waiting' or s.status = 'running' and s.open_count = 0);
    perform app_private.advance_run(answer.id);
  end if;
  select r.* into answer from app_public.pipeline_runs as r where r.id = cancel_run.run_id;
  return answer;
end
$$;

comment on function app_public.cancel_run(integer) is $$
Calls a run off: what waits is cancelled at once, what is at work is told to stop within seconds, and then the run has
ended. Called twice, nothing more happens.

    select status, cancel_requested_at from cancel_run(12);

PC404: there is no such run. PC409: it has ended.
$$;

grant execute on function app_public.cancel_run(integer) to app_analyst;
