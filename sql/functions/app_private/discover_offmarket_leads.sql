create function app_private.discover_offmarket_leads(run integer, params jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  return jsonb_build_object('item_count', app_private.discover_offmarket(params ->> 'department_code', run));
end
$$;

comment on function app_private.discover_offmarket_leads(integer, jsonb) is $$
Stage: brings the leads of the département of `department_code` to what the homes say; see find_offmarket.
$$;
