-- requires: sql/functions/app_private/scan_base.sql
-- requires: sql/functions/app_private/compile_rule_scope.sql
-- requires: sql/functions/app_private/rule_column.sql

create function app_private.compile_rows_rule(
  rule app_public.validation_rules, session app_public.scrape_sessions
)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  config jsonb := rule.rule_config;
  base text := app_private.scan_base(session);
  scope text := coalesce(app_private.compile_rule_scope(rule), 'true');
  fields text[] := case rule.rule_type
    when 'compound_unique' then array(select jsonb_array_elements_text(config -> 'fields'))
    else array[rule.field_name]
  end;
  columns text[];
  condition text;
begin
  if rule.rule_type = 'query' then
    return format('select r.row_id, array[%s] from (%s) as r where %s and r.source_key in (select app_rules.%I(%L, %s, %s))',
      rule.id, base, scope, 'rule_' || rule.id, session.id, coalesce(session.staging_bucket, 0),
      coalesce(session.staging_bucket, 2147483647));
  end if;
  select array_agg((app_private.rule_field(f)).column_name) into columns from unnest(fields) as f;
  if rule.rule_type = 'zscore' then
    return format(
      'select z.row_id, array[%s] from (
         select r.row_id, r.%I::numeric as value, avg(r.%2$I::numeric) over peers as mean,
           stddev_samp(r.%2$I::numeric) over peers as spread, count(r.%2$I) over peers as peer_count
         from (%s) as r where %s
         window peers as (partition by %s)
       ) as z
       where z.peer_count >= %s and abs(z.value - z.mean) > %s * z.spread',
      rule.id, columns[1], base, scope,
      coalesce((select string_agg(app_private.rule_column(f), ', ') from jsonb_array_elements_text(config -> 'by') as f), 'true'),
      coalesce((config ->> 'min_count')::integer, 30), (config ->> 'max')::numeric);
  end if;
  condition := 'u.same_count > 1';
  if config ->> 'within' = 'source' then
    condition := condition || format(
      ' or exists (select from app_public.properties_live as l where l.source_id = %s and l.status <> ''removed''
         and l.id is distinct from u.property_id and %s)',
      session.source_id, (select string_agg(format('l.%I = u.%1$I', c), ' and ') from unnest(columns) as c));
  end if;
  return format(
    'select u.row_id, array[%s] from (
       select r.row_id, r.property_id, %s, count(*) over (partition by %2$s) as same_count
       from (%s) as r where %s and %s
     ) as u where %s',
    rule.id, (select string_agg(format('r.%I', c), ', ') from unnest(columns) as c), base, scope,
    (select string_agg(format('r.%I is not null', c), ' and ') from unnest(columns) as c), condition);
end
$$;

comment on function app_private.compile_rows_rule(app_public.validation_rules, app_public.scrape_sessions) is $$
One SELECT that gives the row_id of each row of a session that fails a rule which judges rows against each other, with
the rule's id in a list.
$$;
