-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.daily_sync_workflow(session_id uuid)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  report app_public.sync_report := app_private.apply_session(session_id);
begin
  return jsonb_build_object(
    'sync', to_jsonb(report),
    'quality', app_public.generate_quality_report(session_id)
  );
end
$$;

comment on function app_public.daily_sync_workflow(uuid) is $$
What is done with a session every day: it is synced, checked and reported on, in one transaction.

`{"sync": …, "quality": …}`, as sync_session and generate_quality_report give them.

    select daily_sync_workflow('8a1f…') -> 'sync' ->> 'status';  -- completed

PC404, PC409: as sync_session.
$$;

grant execute on function app_public.daily_sync_workflow(uuid) to app_analyst;
