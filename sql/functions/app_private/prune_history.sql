create function app_private.prune_history(run integer, params jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  pruned integer := app_public.prune_pipeline_history(coalesce((params ->> 'history_days')::integer, 90));
begin
  return jsonb_build_object('item_count', pruned);
end
$$;

comment on function app_private.prune_history(integer, jsonb) is $$
Stage: prune_pipeline_history, with `history_days` (90).

PC400: history_days is below 1.
$$;
