create function app_private.create_run(name text, given_params jsonb, first_stage text, last_stage text)
returns app_public.pipeline_runs
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  pipeline app_public.pipelines;
  unknown text;
  answer app_public.pipeline_runs;
begin
  select p.* into pipeline from app_public.pipelines as p where p.name = create_run.name;
  if not found then
    raise exception 'pipeline % does not exist', coalesce(quote_literal(create_run.name), 'null')
      using errcode = 'PC404', hint = 'List them with: parcelle pipeline list';
  end if;
  if not pipeline.is_enabled or pipeline.paused_at is not null then
    raise exception 'pipeline % is %', pipeline.name, case when pipeline.is_enabled then 'paused' else 'disabled' end
      using errcode = 'PC409', hint = 'Resume it with: parcelle pipeline resume ' || pipeline.name;
  end if;
  if jsonb_typeof(coalesce(given_params, '{}')) <> 'object' then
    raise exception 'expected params as an object, got %', jsonb_typeof(given_params)
      using errcode = 'PC400', hint = 'Give an object such as {"source": "my-portal"}.';
  end if;
  select w.stage into unknown
  from unnest(array[first_stage, last_stage]) as w (stage)
  where w.stage is not null
    and not exists (
      select from app_public.pipeline_stages as s where s.pipeline = pipeline.name and s.stage = w.stage
    );
  if found then
    raise exception 'pipeline % has no stage %', pipeline.name, unknown
      using errcode = 'PC404', hint = 'See its stages with: parcelle pipeline show ' || pipeline.name;
  end if;

  insert into app_public.pipeline_runs (pipeline, params, run_key, from_stage, to_stage, triggered_by)
  values (
    pipeline.name, coalesce(given_params, '{}'),
    case when pipeline.key_params is not null then coalesce((
      select string_agg(k.param || '=' || coalesce(given_params ->> k.param, ''), ' ' order by k.param)
      from unnest(pipeline.key_params) as k (param)
    ), '') end,
    first_stage, last_stage, coalesce(nullif(current_setting('parcelle.actor', true), ''), session_user)
  )
  returning * into answer;

  insert into app_public.pipeline_run_stages (
    run_id, stage_no, stage, task, sql_function, items_function, depends_on, tries_at_most, retry_after, timeout,
    concurrency_group, is_failure_tolerated, status
  )
  with recursive
    stages as (select s.* from app_public.pipeline_stages as s where s.pipeline = pipeline.name),
    later as (
      select s.stage from stages as s where s.stage = first_stage
      union
      select s.stage from stages as s join later as l on l.stage = any (s.depends_on)
    ),
    earlier as (
      select s.stage, s.depends_on from stages as s where s.stage = last_stage
      union
      select s.stage, s.depends_on from stages as s join earlier as e on s.stage = any (e.depends_on)
    )
  select
    answer.id, s.stage_no, s.stage, s.task, s.sql_function, s.items_function, s.depends_on, s.tries_at_most,
    s.retry_after, s.timeout, s.concurrency_group, s.is_failure_tolerated,
    case
      when (first_stage is null or exists (select from later as l where l.stage = s.stage))
        and (last_stage is null or exists (select from earlier as e where e.stage = s.stage)) then 'waiting'
      else 'skipped'
    end::app_base.stage_status
  from stages as s;
  if not exists (
    select from app_public.pipeline_run_stages as s where s.run_id = answer.id and s.status = 'waiting'
  ) then
    raise exception 'no stage of % lies from % to %', pipeline.name, coalesce(first_stage, 'its beginning'),
        coalesce(last_stage, 'its end')
      using errcode = 'PC422', hint = 'The last stage must depend on the first one, directly or not.';
  end if;
  return answer;
end
$$;

comment on function app_private.create_run(text, jsonb, text, text) is $$
Writes a run down with its stages, those outside `first_stage` to `last_stage` skipped; it is queued, nothing begins.

PC404: no such pipeline or stage. PC409: it is paused or disabled. PC400: params are no object. PC422: there is nothing
between the two stages.
$$;
