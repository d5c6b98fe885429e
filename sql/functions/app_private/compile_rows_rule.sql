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
  rows_of text;
  within_session text;
begin
  if rule.rule_type = 'query' then
    return format('select r.row_id, array[%s] from (%s) as r where %s and r.source_key in (select k.failing_key from app_rules.%I(%L, %s, %s) as k (failing_key))',
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
  -- Rows are grouped by one number made of all values: grouping a million rows by five columns takes three times as long.
  -- Only rows that share it are compared.
  rows_of := format('select r.row_id, r.property_id, r.price_per_m2 as per_m2, %s, hash_record_extended(row(%1$s), 0) as same from (%s) as r where %s and %s',
    (select string_agg(format('r.%I', c), ', ') from unnest(columns) as c), base, scope,
    (select string_agg(format('r.%I is not null', c), ' and ') from unnest(columns) as c));
  within_session := format(
    'select u.row_id from (
       select a.row_id, count(*) over (partition by %s) as same_count
       from (%s) as a
       where a.same in (select g.same from (%2$s) as g group by g.same having count(*) > 1)
     ) as u where u.same_count > 1',
    (select string_agg(format('a.%I', c), ', ') from unnest(columns) as c), rows_of);
  if config ->> 'within' = 'source' then
    within_session := within_session || format(
      ' union
       select a.row_id
       from (%s) as a
       where exists (select from app_public.properties_live as l where l.source_id = %s and l.status <> ''removed''
         and l.id is distinct from a.property_id and %s%s)',
      rows_of, session.source_id,
      (select string_agg(format('l.%I = a.%1$I', c), ' and ') from unnest(columns) as c)
        -- Equal prices and surfaces make equal prices per m², and by those there is an index.
        || case when columns @> '{price_eur,surface_m2}' then ' and l.price_per_m2 = a.per_m2' else '' end,
      -- With a limit each row is looked up by an index on the commune, where the planner would rather read all live homes;
      -- without such an index reading them all once is right.
      case when 'insee_code' = any (columns) then ' limit 1' end);
  end if;
  return format('select u.row_id, array[%s] from (%s) as u', rule.id, within_session);
end
$$;

comment on function app_private.compile_rows_rule(app_public.validation_rules, app_public.scrape_sessions) is $$
One SELECT that gives the row_id of each row of a session that fails a rule which judges rows against each other, with
the rule's id in a list.
$$;
