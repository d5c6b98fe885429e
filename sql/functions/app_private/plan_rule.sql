-- requires: sql/functions/app_private/compile_scan.sql
-- requires: sql/functions/app_private/rule_sort.sql

create function app_private.plan_rule(rule app_public.validation_rules)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  nowhere app_public.scrape_sessions;
  statement text;
  cost numeric;
begin
  nowhere.id := '00000000-0000-0000-0000-000000000000';
  nowhere.session_no := 0;
  nowhere.source_id := 0;
  statement := case app_private.rule_sort(rule)
    when 'row' then app_private.compile_scan(array[rule], app_private.scan_base(nowhere))
    when 'rows' then app_private.compile_rows_rule(rule, nowhere)
  end;
  if statement is not null then
    cost := app_rules.plan(statement);
    if cost > app_private.rule_cost_limit() then
      raise exception 'the rule would cost too much: % where % is the most', round(cost), app_private.rule_cost_limit()
        using errcode = 'PC422', hint = 'Do not join every row with every other one.';
    end if;
  end if;
exception
  when syntax_error_or_access_rule_violation or data_exception or feature_not_supported then
    raise exception 'the rule cannot be run: %', sqlerrm
      using errcode = 'PC400', hint = 'Its values must be of the kind its fields are.';
end
$$;

comment on function app_private.plan_rule(app_public.validation_rules) is $$
Has PostgreSQL plan what a rule compiles to, as app_rule, without running it.

PC400: it cannot be planned (a text where a number belongs). PC422: its plan costs more than rule_cost_limit.
$$;
