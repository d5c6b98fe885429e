-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.detect_changes(session_id uuid)
returns setof app_public.detected_changes
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  session app_public.scrape_sessions := app_private.syncable_session(session_id);
begin
  perform app_private.prepare_session(session);
  return query
    select d.*
    from app_private.detect_session_changes(session) as d
    order by d.kind, d.source_key, d.field_name;
end
$$;

comment on function app_public.detect_changes(uuid) is $$
What a session would change, with a confidence for each change; nothing is applied.

One row for each home that is new, missing, sold or back, one for each field that differs by more than its significance
(rule_fields). `magnitude` is |ln(new/old)| for amounts, metres for places, 1 − similarity for text, absences for a
missing home.

    select kind, count(*), avg(confidence) from detect_changes('8a1f…') group by kind;

PC404, PC409: as sync_session.
$$;

grant execute on function app_public.detect_changes(uuid) to app_analyst;
