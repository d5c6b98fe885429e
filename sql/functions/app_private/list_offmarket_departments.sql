create function app_private.list_offmarket_departments(run integer)
returns setof app_private.stage_item
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select h.department_code, jsonb_build_object('department_code', h.department_code), null::integer
  from (
    select distinct l.department_code from app_public.properties_live as l where l.department_code is not null
  ) as h
  join app_public.pipeline_runs as r on r.id = $1
  where not r.params ? 'departments' or r.params -> 'departments' ? h.department_code
  order by h.department_code
$$;

comment on function app_private.list_offmarket_departments(integer) is $$
The départements that have homes; with `departments` in the run's params only those.
$$;
