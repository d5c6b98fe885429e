-- requires: sql/functions/app_private/begin_run.sql
-- requires: sql/functions/app_private/create_run.sql
-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.backfill_pipeline(name text, params_list jsonb[])
returns setof app_public.pipeline_runs
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  params jsonb;
  created app_public.pipeline_runs;
  ids integer[] := '{}';
begin
  if coalesce(cardinality(params_list), 0) not between 1 and 10000 then
    raise exception 'expected 1 to 10000 params, got %', coalesce(cardinality(params_list), 0)
      using errcode = 'PC400', hint = 'Give one object of params for each run.';
  end if;
  -- One by one, since each run is checked and begun by itself.
  foreach params in array params_list loop
    created := app_private.create_run(backfill_pipeline.name, params, null, null);
    ids := ids || created.id;
    perform app_private.begin_run(created.id);
  end loop;
  return query select r.* from app_public.pipeline_runs as r where r.id = any (ids) order by r.id;
end
$$;

comment on function app_public.backfill_pipeline(text, jsonb[]) is $$
Makes a run for each object of params. Runs of one key follow each other in the order given; the others go side by
side.

    select id, status from backfill_pipeline('dvf_update', array['{"years": [2021]}', '{"years": [2022]}']::jsonb[]);
    -- 13, running
    -- 14, queued

PC404, PC409, PC400, PC422: as trigger_pipeline, then no run is made.
$$;

grant execute on function app_public.backfill_pipeline(text, jsonb[]) to app_analyst;
