create function app_private.list_dvf_downloads(run integer)
returns setof app_private.stage_item
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  params jsonb := (select r.params from app_public.pipeline_runs as r where r.id = run);
  verdict jsonb := app_private.stage_result(run, 'check');
  published timestamptz := (select max(p.published_at) from app_public.dvf_publications as p);
  last_year integer := extract(year from published)
    - case when extract(month from published) >= 10 then 0 else 1 end;
begin
  if not (params ?| '{years,departments}' or coalesce((params ->> 'force')::boolean, false)
    or coalesce((verdict ->> 'isNewer')::boolean, false)) then
    return;
  end if;
  if published is null and not params ? 'years' then
    raise exception 'what is published has not been looked up'
      using errcode = 'PC409', hint = 'Run the stage check, or give the years.';
  end if;
  return query
  select (y.year || coalesce(' ' || d.code, '')), jsonb_strip_nulls(jsonb_build_object('year', y.year, 'department', d.code)),
    null::integer
  from (
    select j.value::integer as year from jsonb_array_elements_text(params -> 'years') as j
    union all
    -- A release of October reaches from the middle of a year to the middle of the fifth after it.
    select g from generate_series(last_year - case when extract(month from published) >= 10 then 5 else 4 end, last_year) as g
    where not params ? 'years'
  ) as y
  left join (select j.value as code from jsonb_array_elements_text(params -> 'departments') as j) as d on true
  order by y.year, d.code;
end
$$;

comment on function app_private.list_dvf_downloads(integer) is $$
The files of a DVF release that are to be fetched: the years and départements of the run's params; without them the
years of the newest publication, when it is newer than what was imported or `force` says so.

PC409: nothing is known of what is published.
$$;
