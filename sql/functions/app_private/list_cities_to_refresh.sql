create function app_private.list_cities_to_refresh(run integer)
returns setof app_private.stage_item
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  params jsonb := (select r.params from app_public.pipeline_runs as r where r.id = run);
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
  -- Few cities are seen one by one; all of France goes in batches.
  return query
  select case count(*) when 1 then min(c.name) else min(c.insee_code) || '–' || max(c.insee_code) end,
    jsonb_build_object('inseeCodes', jsonb_agg(c.insee_code order by c.insee_code)), null::integer
  from (
    select c.insee_code, c.name,
      (row_number() over (order by c.insee_code) - 1)
        / case when params ?| '{insee_codes,department}' then 1 else 20 end as batch_no
    from app_public.cities as c
    where (not params ? 'insee_codes' or params -> 'insee_codes' ? c.insee_code)
      and (not params ? 'department' or c.department_code = params ->> 'department')
  ) as c
  group by c.batch_no
  order by c.batch_no;
end
$$;

comment on function app_private.list_cities_to_refresh(integer) is $$
The communes of the run's params, one to an item: `insee_codes`, or all of a `department`; without either all of France,
20 to an item.

PC404: there is no such commune.
$$;
