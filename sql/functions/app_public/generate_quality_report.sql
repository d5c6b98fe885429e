-- requires: sql/functions/app_private/quality_fields.sql
-- requires: sql/functions/app_private/quality_rules.sql
-- security definer: puts together what app_analyst may read anyway, by private steps.

create function app_public.generate_quality_report(session_id uuid)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  session app_public.scrape_sessions;
  source app_public.sources;
  metadata app_public.sync_metadata;
  measures jsonb;
  report jsonb;
  duplicates jsonb;
begin
  select s.* into session from app_public.scrape_sessions as s where s.id = generate_quality_report.session_id;
  if not found then
    raise exception 'there is no session %', generate_quality_report.session_id
      using errcode = 'PC404', hint = 'List the sessions with list_sessions().';
  end if;
  select o.* into source from app_public.sources as o where o.id = session.source_id;
  select m.* into metadata from app_public.sync_metadata as m where m.session_id = session.id;
  if metadata.session_id is null then
    raise exception 'session % has not been validated yet, so there is nothing to report', session.id
      using errcode = 'PC409', hint = 'Call sync_session or validate_staging_data first.';
  end if;

  select jsonb_object_agg(m.metric, m.value) into measures
  from app_private.measure_session(session) as m
  where m.field_name is null;
  report := jsonb_build_object(
    'session', jsonb_build_object(
      'id', session.id, 'name', session.name, 'source', source.code, 'source_name', source.name,
      'status', session.status, 'is_complete', session.is_complete, 'session_no', session.session_no,
      'held_reasons', session.held_reasons, 'errors', session.errors
    ),
    'counts', jsonb_build_object(
      'staged_count', metadata.staged_count, 'unkeyed_count', metadata.unkeyed_count,
      'duplicate_count', metadata.duplicate_count, 'seen_count', metadata.seen_count,
      'unchanged_count', metadata.unchanged_count, 'brought_count', (measures ->> 'brought_count')::numeric::bigint,
      'quarantined_count', (measures ->> 'quarantined_count')::numeric::bigint, 'new_count', metadata.new_count,
      'updated_count', metadata.updated_count, 'reactivated_count', metadata.reactivated_count,
      'sold_count', metadata.sold_count, 'likely_removed_count', metadata.likely_removed_count,
      'removed_count', metadata.removed_count
    ),
    'fields', app_private.quality_fields(session),
    'rules', app_private.quality_rules(session),
    'geography', app_private.quality_geography(session),
    'freshness', app_private.quality_freshness(session),
    'trend', app_private.quality_trend(session, measures),
    'thresholds', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'metric', t.metric, 'description', t.description, 'value', (measures ->> t.metric)::numeric,
        'is_upper_bound', t.is_upper_bound, 'warn_at', t.warn_at, 'fail_at', t.fail_at,
        'outcome', app_private.metric_outcome((measures ->> t.metric)::numeric, t.is_upper_bound, t.warn_at, t.fail_at)
      ) order by t.metric), '[]')
      from app_public.quality_thresholds as t
    )
  );
  select jsonb_build_object(
    'repeated_key_count', count(*) filter (where d.kind = 'source_key'),
    'candidate_count', count(*) filter (where d.kind = 'address'),
    'examples', coalesce(jsonb_agg(to_jsonb(d) - '{source,place}'::text[] order by d.kind desc, d.confidence desc, d.source_keys)
      filter (where d.place <= 10), '[]')
  )
  into duplicates
  from (
    select d.*, row_number() over (partition by d.kind order by d.confidence desc, d.row_count desc, d.source_keys) as place
    from app_public.find_duplicates(session_id => session.id) as d
  ) as d;

  report := report || jsonb_build_object('duplicates', duplicates);
  return report || jsonb_build_object(
    'verdict', case when session.status = 'held' then 'failed' else (
      select coalesce(max((t ->> 'outcome')::app_base.rule_outcome)
        filter (where t ->> 'outcome' <> 'not_applicable'), 'not_applicable')
      from jsonb_array_elements(report -> 'thresholds') as t
    ) end,
    'severities', (
      select coalesce(jsonb_object_agg(f.severity, f.row_count), '{}')
      from (
        select r.severity, sum(r.failed_count) as row_count
        from app_public.validation_results as r
        where r.session_id = session.id and r.failed_count > 0
        group by r.severity
      ) as f
    ),
    'recommendations', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'priority', r.priority, 'share', round(r.share, 4), 'field', r.field, 'finding', r.finding,
        'likely_cause', r.likely_cause, 'next_step', r.next_step
      ) order by r.priority, r.share desc, r.field, r.finding), '[]')
      from (
        select r.* from app_private.recommend_for_session(report) as r
        union all
        select r.* from app_private.recommend_for_fields(report) as r
        union all
        select r.* from app_private.recommend_for_rules(report) as r
      ) as r
    ),
    'generated_at', clock_timestamp()
  );
end
$$;

comment on function app_public.generate_quality_report(uuid) is $$
All there is to say about the quality of a session, as one document.

- `fields`: how often each is filled and readable, samples of what was not, the share in earlier sessions
- `rules`: what failed, worst first, with samples; `severities`: how often each severity failed
- `duplicates`: repeated keys and homes that share an address, with the evidence
- `geography`, `freshness`, `trend` (the last ten completed sessions of the source)
- `thresholds`: each measure against its limits; `verdict`: the worst of them, failed for what is held
- `recommendations`: most urgent first, each with finding, likely cause and next step

A held session is reported on like one that was applied. Personal values appear nowhere.

    select r ->> 'finding', r ->> 'next_step'
    from jsonb_array_elements(generate_quality_report('8a1f…') -> 'recommendations') as r;

PC404: there is no such session. PC409: it has not been validated yet.
$$;

grant execute on function app_public.generate_quality_report(uuid) to app_analyst;
