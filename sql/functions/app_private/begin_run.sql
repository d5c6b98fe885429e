-- requires: sql/functions/app_private/advance_run.sql

create function app_private.begin_run(wanted integer)
returns app_public.pipeline_runs
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  answer app_public.pipeline_runs;
begin
  begin
    update app_public.pipeline_runs as r
    set status = 'running', started_at = clock_timestamp()
    where r.id = wanted and r.status = 'queued'
      and not exists (
        select from app_public.pipeline_runs as o
        where o.pipeline = r.pipeline and o.run_key = r.run_key and o.status = 'running'
      )
    returning r.* into answer;
  exception when unique_violation then
    -- Somebody began another run of the key at this very moment.
    answer := null;
  end;
  if answer.id is not null then
    perform app_private.advance_run(answer.id);
    select r.* into answer from app_public.pipeline_runs as r where r.id = wanted;
  end if;
  return answer;
end
$$;

comment on function app_private.begin_run(integer) is $$
Begins a queued run, unless another run of its key is at work: then null, and it stays queued.
$$;
