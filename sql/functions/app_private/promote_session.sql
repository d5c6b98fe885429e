-- requires: sql/functions/app_private/merge_staged_homes.sql

create function app_private.promote_session(session app_public.scrape_sessions, applied_at timestamptz)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  rules bigint := app_private.rules_digest(session.source_id);
  began timestamptz := clock_timestamp();
  durations jsonb;
begin
  perform set_config('parcelle.session_id', session.id::text, true);
  perform set_config('parcelle.changed_at', applied_at::text, true);

  perform app_private.merge_staged_homes(session, applied_at);
  insert into app_private.property_sighting_blocks (source_id, session_no, block_no, offsets, seen_at)
  select session.source_id, session.session_no, (p.property_id >> 10)::integer,
    array_agg((p.property_id & 1023)::smallint), applied_at
  from pg_temp.session_promoted as p
  where p.is_new
  group by (p.property_id >> 10)::integer;

  -- Without its fingerprint a home that comes back is read anew, and its status with it.
  update app_public.properties_live as l
  set
    status = a.new_status,
    missed_count = a.missed_count,
    missing_since = coalesce(l.missing_since, applied_at),
    raw_fingerprint = null,
    session_id = session.id,
    updated_at = applied_at
  from pg_temp.session_absent as a
  where l.id = a.property_id;

  if rules is distinct from (select s.judged_by from app_public.sources as s where s.id = session.source_id) then
    perform app_private.rejudge_live(session.id);
    update app_public.sources as s set judged_by = rules where s.id = session.source_id;
  end if;
  perform app_private.quarantine_rows(session.id);
  durations := jsonb_build_object('promote', app_private.milliseconds_since(began));
  began := clock_timestamp();

  perform app_private.recompute_listing_stats(t.insee_codes, t.property_types)
  from (
    select array_agg(g.insee_code) as insee_codes, array_agg(g.property_type) as property_types
    from (
      select p.insee_code, p.property_type from pg_temp.session_promoted as p
      union
      select p.old_insee_code, p.old_property_type from pg_temp.session_promoted as p
      union
      select a.insee_code, a.property_type from pg_temp.session_absent as a where a.new_status <> a.old_status
    ) as g
    where g.insee_code is not null
  ) as t;
  durations := durations || jsonb_build_object('statistics', app_private.milliseconds_since(began));

  perform app_private.count_session(session, durations);
  perform set_config('parcelle.session_id', '', true);
  perform set_config('parcelle.changed_at', '', true);
end
$$;

comment on function app_private.promote_session(app_public.scrape_sessions, timestamptz) is $$
Applies a prepared session to the live homes: what its rows say, what their absence says, the statistics they touch.

Every write is audited by the triggers of properties_live in the session's name. Needs pg_temp.session_absent.
$$;
