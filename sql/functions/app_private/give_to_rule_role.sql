create function app_private.give_to_rule_role(function_name text)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  made regprocedure;
begin
  select p.oid into made
  from pg_proc as p
  where p.pronamespace = 'app_rules'::regnamespace and p.proname = function_name;
  -- Only while it takes a function over may the role create; two transactions must not rewrite the schema's rights at once.
  perform pg_advisory_xact_lock(hashtext('app_private.give_to_rule_role'));
  grant create on schema app_rules to app_rule;
  execute format('revoke all on function %s from public', made);
  execute format('alter function %s owner to app_rule', made);
  revoke create on schema app_rules from app_rule;
end
$$;

comment on function app_private.give_to_rule_role(text) is $$
Makes app_rules.<function_name> belong to app_rule, and nobody else may call it.
$$;
