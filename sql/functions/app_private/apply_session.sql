-- requires: sql/functions/app_private/syncable_session.sql
-- requires: sql/functions/app_private/prepare_session.sql
-- requires: sql/functions/app_private/judge_session.sql
-- requires: sql/functions/app_private/promote_session.sql

create function app_private.apply_session(wanted uuid)
returns app_public.sync_report
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  began timestamptz := clock_timestamp();
  stepped timestamptz;
  session app_public.scrape_sessions;
  prepared app_public.sync_metadata;
  reasons jsonb := '[]';
  instant timestamptz;
begin
  session := app_private.syncable_session(wanted);
  instant := clock_timestamp();
  prepared := app_private.prepare_session(session);
  -- Too many rows that say not which home they mean: what is missing may be among them.
  session.is_complete := session.is_complete
    and prepared.unkeyed_count <= prepared.staged_count
      * (select s.unkeyed_share_max from app_public.sources as s where s.id = session.source_id);
  stepped := clock_timestamp();
  perform app_private.find_absent_homes(session);
  if not session.is_accepted then
    reasons := app_private.judge_session(session, prepared);
  end if;
  update app_public.sync_metadata as m
  set durations_ms = m.durations_ms || jsonb_build_object('detect', app_private.milliseconds_since(stepped))
  where m.session_id = session.id;

  if reasons <> '[]' then
    update app_public.scrape_sessions as s
    set status = 'held', held_reasons = reasons, started_at = coalesce(s.started_at, instant)
    where s.id = session.id;
  else
    perform app_private.promote_session(session, instant);
    update app_public.scrape_sessions as s
    set
      status = 'completed',
      is_complete = session.is_complete,
      started_at = coalesce(s.started_at, instant),
      applied_at = instant,
      staged_count = prepared.staged_count,
      unkeyed_count = prepared.unkeyed_count
    where s.id = session.id;
    update app_public.sources as s
    set reliability = app_private.measured_reliability(s.id)
    where s.id = session.source_id;
    stepped := clock_timestamp();
    perform app_private.record_quality_metrics(session.id);
    update app_public.sync_metadata as m
    set
      durations_ms = m.durations_ms || jsonb_build_object('metrics', app_private.milliseconds_since(stepped)),
      rows_per_second = m.staged_count / greatest(extract(epoch from clock_timestamp() - began), 0.001),
      synced_at = instant
    where m.session_id = session.id;
  end if;
  return app_private.session_report(session.id, began);
end
$$;

comment on function app_private.apply_session(uuid) is $$
Syncs a session: prepares it, finds what is missing, holds it when it is not plausible, else promotes it. See
sync_session.
$$;
