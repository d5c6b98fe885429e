-- requires: sql/functions/app_private/session_rows_filter.sql

create function app_private.quality_rules(session app_public.scrape_sessions)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  answer jsonb := '[]';
  judged record;
  samples jsonb;
  failing numeric;
  passing numeric;
  places record;
begin
  -- One turn for each rule that found something: a few dozen at most, each read by its index.
  for judged in
    select r.*, v.rule_name, v.rule_type, v.field_name, v.description, f.column_name,
      coalesce(f.is_personal, false) as is_personal,
      a.atttypid in ('numeric'::regtype, 'integer'::regtype, 'smallint'::regtype) as is_numeric
    from app_public.validation_results as r
    join app_public.validation_rules as v on v.id = r.rule_id
    left join app_public.rule_fields as f on f.field_name = v.field_name
    left join pg_attribute as a on a.attrelid = 'app_public.staged_properties'::regclass and a.attname = f.column_name
    where r.session_id = session.id and (r.failed_count > 0 or r.outcome in ('warned', 'failed', 'broken'))
    order by r.severity desc, r.failed_count desc, v.rule_name
  loop
    select jsonb_agg(jsonb_build_object('source_key', s.source_key, 'value', left(s.failed_value, 80)))
    into samples
    from (
      select e.source_key, e.failed_value
      from app_public.validation_failures as e
      where e.session_id = session.id and e.rule_id = judged.rule_id
      order by e.staged_id nulls last
      limit 5
    ) as s;
    failing := null;
    passing := null;
    if judged.is_numeric then
      execute format(
        $query$
          select
            (select percentile_disc(0.5) within group (order by e.failed_value::numeric)
             from app_public.validation_failures as e
             where e.session_id = $1 and e.rule_id = $2 and e.failed_value ~ '^-?\d+(\.\d+)?$') as failing,
            (select percentile_disc(0.5) within group (order by s.%I)
             from app_public.staged_properties as s
             where %s and s.failed_rule_ids is null)::numeric as passing
        $query$, judged.column_name, app_private.session_rows_filter(session))
      into failing, passing
      using session.id, judged.rule_id;
    end if;
    -- A type or commune is worth naming where the failing rows gather in it more than all rows do.
    execute format(
      $query$
        with
          brought as (
            select s.insee_code, s.property_type, s.failed_rule_ids @> array[$1] as is_failing
            from app_public.staged_properties as s
            where %s
          ),
          most as (
            select mode() within group (order by b.insee_code) as insee_code,
              mode() within group (order by b.property_type) as property_type
            from brought as b
            where b.is_failing
          )
        select count(*) filter (where b.is_failing) as failing, max(m.insee_code) as insee_code,
          max(m.property_type) as property_type,
          avg((b.property_type = m.property_type)::integer) filter (where b.is_failing) as failing_of_type,
          avg((b.property_type = m.property_type)::integer) as all_of_type,
          avg((b.insee_code = m.insee_code)::integer) filter (where b.is_failing) as failing_of_commune,
          avg((b.insee_code = m.insee_code)::integer) as all_of_commune
        from brought as b
        cross join most as m
      $query$, app_private.session_rows_filter(session))
    into places
    using judged.rule_id;
    answer := answer || jsonb_build_object(
      'rule_id', judged.rule_id,
      'rule', judged.rule_name,
      'type', judged.rule_type,
      'field', judged.field_name,
      'severity', judged.severity,
      'outcome', judged.outcome,
      'checked_count', judged.checked_count,
      'failed_count', judged.failed_count,
      'failed_share', round(judged.failed_count::numeric / nullif(judged.checked_count, 0), 4),
      'description', judged.description,
      'details', judged.details,
      'samples', coalesce(samples, '[]'),
      'typical_failing', failing,
      'typical_passing', passing,
      'mostly_of_type', case when places.failing >= 5 and places.failing_of_type >= 0.8 and places.all_of_type < 0.6
        then places.property_type end,
      'mostly_in', case when places.failing >= 5 and places.failing_of_commune >= 0.8 and places.all_of_commune < 0.6
        then (select c.name || ' (' || c.insee_code || ')' from app_public.cities as c
          where c.insee_code = places.insee_code) end
    );
  end loop;
  return answer;
end
$$;

comment on function app_private.quality_rules(app_public.scrape_sessions) is $$
The rules that a session's rows failed, worst first, with samples, with the typical failing value beside the typical
passing one, and with the type and commune that four in five of the failing rows share while the other rows do not.
$$;
