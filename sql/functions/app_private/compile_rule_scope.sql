-- requires: sql/functions/app_private/rule_call.sql

create function app_private.compile_rule_scope(rule app_public.validation_rules)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select nullif(concat_ws(' and ',
    case when rule.property_type is not null then format('r.property_type = %L', rule.property_type) end,
    case when rule.scope_where is not null then app_private.rule_call('scope_' || rule.id) end
  ), '')
$$;

comment on function app_private.compile_rule_scope(app_public.validation_rules) is $$
The SQL condition under which a row, called r, is judged by a rule; null where all are.
$$;
