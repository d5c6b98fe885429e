-- requires: sql/functions/app_private/advance_run.sql

create function app_private.close_stage(run integer, wanted smallint)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  update app_public.pipeline_run_stages as s
  set
    status = case
      when exists (
        select from app_public.pipeline_runs as r where r.id = close_stage.run and r.cancel_requested_at is not null
      ) and exists (
        select from app_public.pipeline_tasks as t
        where t.run_id = close_stage.run and t.stage_no = wanted and t.status = 'cancelled'
      ) then 'cancelled'
      when s.failed_count > 0 then 'failed'
      else 'succeeded'
    end::app_base.stage_status,
    finished_at = clock_timestamp()
  where s.run_id = close_stage.run and s.stage_no = wanted;
  perform app_private.advance_run(close_stage.run);
end
$$;

comment on function app_private.close_stage(integer, smallint) is $$
Ends a stage whose tasks have all ended, and goes on with its run.
$$;
