create function app_private.rule_weight(rule app_public.validation_rules)
returns numeric
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
  select rule.weight * case rule.severity when 'info' then 0 when 'warning' then 0.5 else 1 end
$$;

comment on function app_private.rule_weight(app_public.validation_rules) is $$
What a rule counts in the quality of a row: its weight, by half for a warning, not at all for an info.
$$;
