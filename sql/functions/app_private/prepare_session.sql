-- requires: sql/functions/app_private/match_session.sql

create function app_private.prepare_session(session app_public.scrape_sessions)
returns app_public.sync_metadata
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  answer app_public.sync_metadata;
  matched record;
  last_applied uuid := app_private.last_applied_session(session.source_id);
  rules bigint := app_private.rules_digest(session.source_id);
  began timestamptz := clock_timestamp();
  durations jsonb := '{}';
begin
  select m.* into answer from app_public.sync_metadata as m where m.session_id = session.id;
  if found and answer.prepared_rules = rules and answer.prepared_against is not distinct from last_applied then
    return answer;
  end if;
  perform app_private.forget_preparation(session);

  matched := app_private.match_session(session);
  durations := durations || jsonb_build_object('match', app_private.milliseconds_since(began));
  began := clock_timestamp();
  perform app_private.normalise_session(session.id);
  perform app_private.keep_insignificant_values(session);
  durations := durations || jsonb_build_object('normalise', app_private.milliseconds_since(began));
  began := clock_timestamp();
  perform app_private.validate_session(session.id);
  durations := durations || jsonb_build_object('validate', app_private.milliseconds_since(began));

  insert into app_public.sync_metadata as m (
    session_id, source_id, staged_count, unkeyed_count, duplicate_count, seen_count, unchanged_count,
    durations_ms, prepared_against, prepared_rules
  )
  values (
    session.id, session.source_id, matched.staged_count, matched.unkeyed_count, matched.duplicate_count,
    matched.seen_count, matched.unchanged_count, durations, last_applied, rules
  )
  returning m.* into answer;
  return answer;
end
$$;

comment on function app_private.prepare_session(app_public.scrape_sessions) is $$
Matches, normalises and validates what a session staged, unless that is done already and neither the rules nor the
live homes of the source have changed since. Live homes are not touched.
$$;
