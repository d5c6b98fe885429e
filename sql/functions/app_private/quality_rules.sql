-- requires: sql/functions/app_private/session_rows_filter.sql

create function app_private.quality_rules(session app_public.scrape_sessions)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  filter constant text := app_private.session_rows_filter(session);
  brought bigint;
  answer jsonb := '[]';
  judged record;
  samples jsonb;
  failing numeric;
  passing numeric;
  places jsonb;
  -- A typical value is as well told by a part of very many rows.
  sample text;
begin
  execute 'select count(*) from app_public.staged_properties as s where ' || filter into brought;
  sample := case when brought > 200000
    then format('tablesample system (%s) repeatable (1)', round(10000000.0 / brought, 4)) end;
  -- A type or commune is worth naming where the failing rows gather in it more than all rows do.
  execute format(
    $query$
      with
        failing as materialized (
          select f.rule_id, s.insee_code, s.property_type
          from app_public.staged_properties as s
          cross join unnest(s.failed_rule_ids) as f (rule_id)
          where %1$s and s.failed_rule_ids is not null
        ),
        by_type as (
          select distinct on (g.rule_id) g.*
          from (
            select f.rule_id, f.property_type, count(*) as failing, sum(count(*)) over (partition by f.rule_id) as of_rule
            from failing as f
            group by f.rule_id, f.property_type
          ) as g
          order by g.rule_id, g.failing desc, g.property_type
        ),
        by_commune as (
          select distinct on (g.rule_id) g.*
          from (select f.rule_id, f.insee_code, count(*) as failing from failing as f group by f.rule_id, f.insee_code) as g
          order by g.rule_id, g.failing desc, g.insee_code
        ),
        types as (
          select s.property_type, count(*) as brought from app_public.staged_properties as s where %1$s group by 1
        ),
        communes as (
          select s.insee_code, count(*) as brought from app_public.staged_properties as s where %1$s group by 1
        )
      select jsonb_object_agg(t.rule_id, jsonb_build_object(
        'type', case when t.failing >= 0.8 * t.of_rule and a.brought < 0.6 * $1 then t.property_type end,
        'commune', case when c.failing >= 0.8 * t.of_rule and b.brought < 0.6 * $1 then n.name || ' (' || n.insee_code || ')' end
      ))
      from by_type as t
      join by_commune as c using (rule_id)
      join types as a on a.property_type = t.property_type
      left join communes as b on b.insee_code = c.insee_code
      left join app_public.cities as n on n.insee_code = c.insee_code
      where t.of_rule >= 5
    $query$, filter)
  into places
  using brought;
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
             from app_public.staged_properties as s %s
             where %s and s.failed_rule_ids is null)::numeric as passing
        $query$, judged.column_name, sample, filter)
      into failing, passing
      using session.id, judged.rule_id;
    end if;
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
      'mostly_of_type', places -> judged.rule_id::text ->> 'type',
      'mostly_in', places -> judged.rule_id::text ->> 'commune'
    );
  end loop;
  return answer;
end
$$;

comment on function app_private.quality_rules(app_public.scrape_sessions) is $$
The rules that a session's rows failed, worst first, with samples, with the typical failing value beside the typical
passing one, and with the type and commune that four in five of the failing rows share while the other rows do not.
$$;
