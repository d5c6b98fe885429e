create function app_private.rule_sort(rule app_public.validation_rules)
returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
  select case
    when rule.rule_type in ('required', 'unique') and rule.field_name = 'source_key' then 'keys'
    when rule.rule_type in ('unique', 'compound_unique', 'zscore', 'query') then 'rows'
    when rule.rule_type in (
      'row_count', 'volume_vs_history', 'distribution_drift', 'duplicate_rate', 'schema_drift', 'coverage_by_source'
    ) or rule.rule_type = 'freshness' and rule.field_name is null then 'session'
    else 'row'
  end
$$;

comment on function app_private.rule_sort(app_public.validation_rules) is $$
How a rule goes about it: each row by itself (row), rows against each other (rows), the keys of all rows staged (keys),
or the session as a whole (session).
$$;
