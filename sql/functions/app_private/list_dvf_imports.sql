create function app_private.list_dvf_imports(run integer)
returns setof app_private.stage_item
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select count(*) || ' files', jsonb_strip_nulls(jsonb_build_object(
      'files', jsonb_agg(t.params order by t.id),
      'code', (select r.params ->> 'code' from app_public.pipeline_runs as r where r.id = $1)
    )), null::integer
  from app_public.pipeline_run_stages as s
  join app_public.pipeline_tasks as t on t.run_id = s.run_id and t.stage_no = s.stage_no
  where s.run_id = $1 and s.stage = 'download' and t.status = 'succeeded'
  having count(*) > 0
$$;

comment on function app_private.list_dvf_imports(integer) is $$
The import of the files that a run has fetched, as one release; none where nothing was fetched.
$$;
