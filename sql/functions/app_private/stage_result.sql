create function app_private.stage_result(run integer, stage text)
returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select t.result
  from app_public.pipeline_run_stages as s
  join app_public.pipeline_tasks as t on t.run_id = s.run_id and t.stage_no = s.stage_no
  where s.run_id = $1 and s.stage = $2 and t.status = 'succeeded'
  order by t.id
  limit 1
$$;

comment on function app_private.stage_result(integer, text) is $$
What an earlier stage of one task gave; null where it was skipped, had no items or has not ended.
$$;
