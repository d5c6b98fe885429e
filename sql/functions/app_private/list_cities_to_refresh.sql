create function app_private.list_cities_to_refresh(run integer)
returns setof app_private.stage_item
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  params jsonb := (select r.params from app_public.pipeline_runs as r where r.id = run);
  is_few boolean := coalesce(jsonb_array_length(params -> 'insee_codes') <= 20, false);
  unknown text;
begin
  select j.value into unknown
  from jsonb_array_elements_text(params -> 'insee_codes') as j
  where not exists (select from app_public.cities as c where c.insee_code = j.value)
  limit 1;
  if found then
    raise exception 'commune % does not exist', unknown
      using errcode = 'PC404', hint = 'Give present INSEE codes such as 35238.';
  end if;
  if params ? 'department'
    and not exists (select from app_public.departments as d where d.code = params ->> 'department')
  then
    raise exception 'department % does not exist', params ->> 'department'
      using errcode = 'PC404', hint = 'Give a code such as 35 or 2A.';
  end if;
  -- A few cities that were named are seen one by one. Many go together within their département, since the geographic service
  -- tells of all of one at once; no more than that an explorer's pages of them are read in time.
  return query
  select case count(*) when 1 then min(c.name) else min(c.insee_code) || '–' || max(c.insee_code) end,
    jsonb_build_object('inseeCodes', jsonb_agg(c.insee_code order by c.insee_code)), null::integer
  from (
    select c.insee_code, c.name,
      case when is_few then c.insee_code else c.department_code end as group_code,
      (row_number() over (partition by c.department_code order by c.insee_code) - 1) / 200 as batch_no
    from app_public.cities as c
    where (not params ? 'insee_codes' or params -> 'insee_codes' ? c.insee_code)
      and (not params ? 'department' or c.department_code = params ->> 'department')
  ) as c
  group by c.group_code, c.batch_no
  order by min(c.insee_code);
end
$$;

comment on function app_private.list_cities_to_refresh(integer) is $$
The communes of the run's params: `insee_codes`, all of a `department`, or without either all of France. Up to 20 that were
named are items of their own; else up to 200 of one département make an item.

PC404: there is no such commune or département.
$$;
