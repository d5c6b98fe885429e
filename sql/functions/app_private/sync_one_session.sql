create function app_private.sync_one_session(run integer, params jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  wanted uuid := (params ->> 'sessionId')::uuid;
  report app_public.sync_report := app_private.sync_queued_session(wanted);
begin
  if report.status is null then
    return jsonb_build_object('sessionId', wanted, 'status', (
      select s.status from app_public.scrape_sessions as s where s.id = wanted
    ), 'item_count', 0);
  end if;
  return jsonb_build_object(
    'sessionId', wanted, 'status', report.status, 'item_count', report.staged_count,
    'failed_item_count', report.quarantined_count, 'new_count', report.new_count, 'updated_count', report.updated_count,
    'removed_count', report.removed_count
  );
end
$$;

comment on function app_private.sync_one_session(integer, jsonb) is $$
Stage: syncs the session of `sessionId`; one that was decided before its turn came stays as it is.

PC404, PC409: as sync_session.
$$;
