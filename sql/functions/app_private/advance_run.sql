-- requires: sql/functions/app_private/open_stage.sql
-- Whoever changes a run or its tasks locks the run first, so that two of them never meet: the last task of a stage is
-- the last for one of them only, and what comes next opens once.

create function app_private.advance_run(wanted integer)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  run app_public.pipeline_runs;
  ready smallint;
  failed_stage text;
  problem text;
  next_run integer;
begin
  select r.* into run from app_public.pipeline_runs as r where r.id = wanted for no key update;
  if run.status <> 'running' then
    return;
  end if;
  -- A stage without items ends as it opens, and others may follow it.
  loop
    select s.stage_no into ready
    from app_public.pipeline_run_stages as s
    where s.run_id = run.id and s.status = 'waiting' and run.cancel_requested_at is null
      and not exists (
        select
        from unnest(s.depends_on) as d (stage)
        join app_public.pipeline_run_stages as b on b.run_id = run.id and b.stage = d.stage
        where not (b.status in ('succeeded', 'skipped') or b.status = 'failed' and b.is_failure_tolerated)
      )
    order by s.stage_no
    limit 1;
    exit when not found or run.paused_at is not null;
    begin
      perform app_private.open_stage(run, ready);
    exception
      when deadlock_detected or serialization_failure or lock_not_available or insufficient_resources then
        raise;
      when others then
        -- What a stage should do cannot be told: the run ends, and says why.
        get stacked diagnostics problem = message_text;
        update app_public.pipeline_run_stages as s
        set status = 'failed', started_at = clock_timestamp(), finished_at = clock_timestamp()
        where s.run_id = run.id and s.stage_no = ready
        returning s.stage into failed_stage;
        update app_public.pipeline_runs as r
        set error = coalesce(r.error, failed_stage || ': ' || problem)
        where r.id = run.id;
    end;
  end loop;
  if ready is not null or exists (
    select from app_public.pipeline_run_stages as s where s.run_id = run.id and s.status = 'running'
  ) then
    return;
  end if;

  update app_public.pipeline_runs as r
  set
    status = case
      when r.cancel_requested_at is not null then 'cancelled'
      when exists (
        select from app_public.pipeline_run_stages as s where s.run_id = run.id and s.status = 'failed'
      ) then 'failed'
      else 'succeeded'
    end::app_base.run_status,
    finished_at = clock_timestamp()
  where r.id = run.id;
  select r.id into next_run
  from app_public.pipeline_runs as r
  where r.pipeline = run.pipeline and r.run_key = run.run_key and r.status = 'queued' and r.paused_at is null
  order by r.id
  limit 1;
  if found then
    perform app_private.begin_run(next_run);
  end if;
end
$$;

comment on function app_private.advance_run(integer) is $$
Opens the stages of a run whose turn has come; ends the run when nothing is left to do, and begins the next one that is
queued for its key.
$$;
