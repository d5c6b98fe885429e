-- requires: sql/functions/app_private/make_rule_function.sql
-- requires: sql/functions/app_private/make_rule_query.sql

create function app_private.make_rule(rule app_public.validation_rules)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  perform app_private.drop_rule_function('rule_' || rule.id);
  perform app_private.drop_rule_function('scope_' || rule.id);
  if rule.rule_type = 'expression' then
    perform app_private.make_rule_function('rule_' || rule.id, rule.rule_config ->> 'expression', 'the expression');
  elsif rule.rule_type = 'query' then
    perform app_private.make_rule_query('rule_' || rule.id, rule.rule_config ->> 'query', 'the query');
  end if;
  if rule.scope_where is not null then
    perform app_private.make_rule_function('scope_' || rule.id, rule.scope_where, 'scope_where');
  end if;
end
$$;

comment on function app_private.make_rule(app_public.validation_rules) is $$
Makes the functions of a rule's texts, in place of earlier ones; nothing for a rule without texts.

PC400: a text cannot be read. PC422: it does what a rule may not.
$$;
