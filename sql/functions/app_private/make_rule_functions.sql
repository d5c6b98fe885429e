-- requires: sql/functions/app_private/give_to_rule_role.sql
-- requires: sql/functions/app_private/make_rule.sql
-- `judge` is the one door: everything compiled from rules goes through it and runs as app_rule. `plan` only
-- explains, `is_over` breaks a scan off.

create function app_private.make_rule_functions()
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $make$
declare
  rule app_public.validation_rules;
  fixed text;
  made integer := 0;
begin
  foreach fixed in array '{judge,plan,is_over}'::text[] loop
    perform app_private.drop_rule_function(fixed);
  end loop;
  create function app_rules.judge(statement text)
  returns table (row_id bigint, rule_ids integer[])
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp set jit = off set parallel_tuple_cost = 0.001
  as 'begin return query execute statement; end';
  create function app_rules.plan(statement text)
  returns numeric
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set jit = off set parallel_tuple_cost = 0.001
  as 'declare plan json; begin
    execute ''explain (format json) '' || statement into plan;
    return (plan -> 0 -> ''Plan'' ->> ''Total Cost'')::numeric;
  end';
  create function app_rules.is_over()
  returns boolean
  language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
  as 'begin
    raise exception ''did not finish in time'' using errcode = ''PC422'', hint = ''Judge less, or more simply.'';
  end';
  foreach fixed in array '{judge,plan,is_over}'::text[] loop
    perform app_private.give_to_rule_role(fixed);
  end loop;
  for rule in select r.* from app_public.validation_rules as r order by r.id loop
    begin
      perform app_private.make_rule(rule);
      made := made + 1;
    exception when others then
      -- It is told as broken by the next session; a deploy must not fail for one rule.
      perform app_private.drop_rule_function('rule_' || rule.id);
      perform app_private.drop_rule_function('scope_' || rule.id);
      raise warning 'rule % cannot be made: %', rule.rule_name, sqlerrm;
    end;
  end loop;
  return made;
end
$make$;

comment on function app_private.make_rule_functions() is $$
Makes everything in schema app_rules anew from the rules; the last step of every deploy. How many rules there are.

A rule that can no longer be made is warned of, and told as broken by the sessions it should judge.
$$;
