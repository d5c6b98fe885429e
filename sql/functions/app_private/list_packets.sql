create function app_private.list_packets(run integer)
returns setof app_private.stage_item
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  params jsonb := (select r.params from app_public.pipeline_runs as r where r.id = run);
begin
  return query
  select w.id, jsonb_build_object('property_id', w.id::bigint), null::integer
  from (
    select params ->> 'property_id' as id
    union
    select j.value from jsonb_array_elements_text(params -> 'property_ids') as j
    union
    (select l.id::text from app_public.properties_live as l
     where not params ?| '{property_id,property_ids}'
     order by l.updated_at desc, l.id desc limit 1)
  ) as w
  where w.id is not null;
end
$$;

comment on function app_private.list_packets(integer) is $$
The homes of the run's params (`property_id` or `property_ids`); without them the home that changed last.
$$;
