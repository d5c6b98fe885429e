create function app_public.session_details(session_id uuid)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  answer jsonb;
begin
  select jsonb_build_object(
    'session_id', s.id,
    'source', r.code,
    'kind', s.kind,
    'name', s.name,
    'target', s.target,
    'parameters', s.parameters,
    'status', s.status,
    'scope', jsonb_build_object(
      'insee_codes', s.scope_insee_codes,
      'property_types', s.scope_property_types,
      'from', s.scope_from,
      'to', s.scope_to,
      'is_complete', s.is_complete
    ),
    'pages', s.page_count,
    'items', s.item_count,
    'staged', s.staged_count,
    'unkeyed', s.unkeyed_count,
    'errors', s.errors,
    'held_reasons', s.held_reasons,
    'undoes_session_id', s.undoes_session_id,
    'created_by', s.created_by,
    'queued_at', s.queued_at,
    'heartbeat_at', s.heartbeat_at,
    'finished_at', s.finished_at,
    'applied_at', s.applied_at,
    'decided_at', s.decided_at,
    'sync', to_jsonb(m) - array['session_id', 'source_id', 'prepared_against', 'prepared_rules'],
    'failures', coalesce((
      select jsonb_agg(
        jsonb_build_object(
          'rule', coalesce(v.rule_name, 'rule ' || f.rule_id), 'severity', f.severity, 'outcome', f.outcome,
          'failed', f.failed_count, 'checked', f.checked_count
        )
        order by f.severity desc, f.failed_count desc
      )
      from app_public.validation_results as f
      left join app_public.validation_rules as v on v.id = f.rule_id
      where f.session_id = s.id and f.outcome not in ('passed', 'not_applicable')
    ), '[]')
  ) into answer
  from app_public.scrape_sessions as s
  join app_public.sources as r on r.id = s.source_id
  left join app_public.sync_metadata as m on m.session_id = s.id
  where s.id = session_details.session_id;
  if answer is null then
    raise exception 'session % does not exist', session_details.session_id
      using errcode = 'PC404', hint = 'List the sessions with: parcelle list-sessions';
  end if;
  return answer;
end
$$;

comment on function app_public.session_details(uuid) is $$
Everything that is known of a session: scope, counts, errors on the way, what its sync did, which rules it did not pass.

    select session_details('8a1f…') -> 'scope';

PC404: there is no such session.
$$;

grant execute on function app_public.session_details(uuid) to app_analyst;
