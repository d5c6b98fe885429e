-- requires: sql/functions/app_private/compile_absence.sql
-- requires: sql/functions/app_private/rule_call.sql
-- requires: sql/functions/app_private/rule_column.sql
-- requires: sql/functions/app_private/rule_literal.sql
-- Everything that comes from a rule goes through format's %L and %I; texts only stand in functions of their own.

create function app_private.compile_row_rule(rule app_public.validation_rules, is_large boolean default false)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  config jsonb := rule.rule_config;
  field app_public.rule_fields := app_private.rule_field(rule.field_name);
  value text := case when field.column_name is not null then format('r.%I', field.column_name) end;
  other app_public.rule_fields;
  condition text;
begin
  case rule.rule_type
    when 'required' then
      condition := case when field.column_name = 'property_type' then value || ' = ''unspecified''' else value || ' is null' end;
    when 'required_if' then
      other := app_private.rule_field(config ->> 'field');
      condition := format('%s is null and %s', value, concat_ws(' and ',
        case when config ? 'in' then format('r.%I = any (%s)', other.column_name,
          app_private.rule_literal(config -> 'in', other.data_type)) end,
        case when config ? 'is_present' then format('r.%I %s', other.column_name,
          case when (config -> 'is_present')::boolean then 'is not null' else 'is null' end) end));
    when 'data_type' then
      condition := case when rule.field_name is null then 'r.unreadable <> ''{}'''
        else format('r.unreadable ?| %L::text[]', array[field.field_name, field.column_name]) end;
    when 'range' then
      condition := concat_ws(' or ',
        format('%s < %s', value, app_private.rule_literal(config -> 'min', field.data_type)),
        format('%s > %s', value, app_private.rule_literal(config -> 'max', field.data_type)));
    when 'length' then
      condition := concat_ws(' or ',
        format('length(%s::text) < %s', value, (config ->> 'min')::integer),
        format('length(%s::text) > %s', value, (config ->> 'max')::integer));
    when 'regex', 'not_regex' then
      condition := format('%s::text %s%s %L', value, case rule.rule_type when 'regex' then '!~' else '~' end,
        case when (config -> 'ignore_case')::boolean then '*' else '' end, config ->> 'pattern');
    when 'enum' then
      condition := format('%s <> all (%s)', value, app_private.rule_literal(config -> 'values', field.data_type));
    when 'not_in' then
      condition := format('%s = any (%s)', value, app_private.rule_literal(config -> 'values', field.data_type));
    when 'enum_ref' then
      condition := format('%s is not null and %s', value, app_private.compile_absence(
        split_part(config ->> 'ref', '.', 1), array[split_part(config ->> 'ref', '.', 2)], array[value], is_large));
    when 'reference' then
      select format('%s and %s',
        string_agg(app_private.rule_column(c.key) || ' is not null', ' and ' order by c.key),
        app_private.compile_absence(config ->> 'table', array_agg(c.value order by c.key),
          array_agg(app_private.rule_column(c.key) order by c.key), is_large))
      into condition
      from jsonb_each_text(config -> 'columns') as c;
    when 'cross_field' then
      condition := app_private.compile_cross_field(rule, is_large);
    when 'sum_equals' then
      select format('abs(%s - %s) > %s', string_agg(app_private.rule_column(f), ' + '),
        app_private.rule_column(coalesce(config ->> 'total', rule.field_name)), coalesce((config ->> 'tolerance')::numeric, 0))
      into condition
      from jsonb_array_elements_text(config -> 'fields') as f;
    when 'expression' then
      condition := 'not ' || app_private.rule_call('rule_' || rule.id);
    when 'format' then
      condition := app_private.compile_format(value || '::text', config ->> 'preset');
    when 'geo_within' then
      condition := app_private.compile_geo_within(config);
    when 'confidence_min' then
      condition := format('r.city_confidence < %s', (config ->> 'min')::numeric);
    when 'freshness' then
      condition := format('%s < current_date - %s', value,
        coalesce((config ->> 'max_days')::integer, ceil((config ->> 'max_hours')::numeric / 24)::integer));
    when 'peer_outlier' then
      condition := app_private.compile_peer_outlier(config);
    when 'rate_of_change' then
      condition := format(
        '%1$s > 0 and live.%2$I > 0 and greatest(%1$s / live.%2$I::numeric, live.%2$I / %1$s::numeric) - 1 > %3$s',
        value, field.column_name, (config ->> 'max_ratio')::numeric);
    when 'completeness' then
      condition := format('%s < %s', app_private.compile_completeness(config -> 'weights'), (config ->> 'min')::numeric);
    else
      raise exception 'rules of type % do not judge row by row', rule.rule_type using errcode = 'PC500';
  end case;
  return concat_ws(' and ', app_private.compile_rule_scope(rule), '(' || condition || ')');
end
$$;

comment on function app_private.compile_row_rule(app_public.validation_rules, boolean) is $$
The SQL condition under which a row, called r, fails a rule that judges row by row; its scope included. Null is no
failure. It may speak of `peers` (listing_stats), `live` (the live home) and `box` (department_boxes). `is_large` says
that many rows are to be judged.
$$;
