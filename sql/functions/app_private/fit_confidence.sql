create function app_private.fit_confidence(run integer, params jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  fit app_public.confidence_fit := app_public.fit_change_confidence();
begin
  return to_jsonb(fit) || jsonb_build_object('item_count', fit.cell_count);
end
$$;

comment on function app_private.fit_confidence(integer, jsonb) is $$
Stage: fits the confidence in changes to what turned out true.
$$;
