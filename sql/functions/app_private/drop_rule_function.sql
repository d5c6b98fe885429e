create function app_private.drop_rule_function(function_name text)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  earlier regprocedure;
begin
  select p.oid into earlier
  from pg_proc as p
  where p.pronamespace = 'app_rules'::regnamespace and p.proname = function_name;
  if found then
    execute 'drop function ' || earlier;
  end if;
end
$$;

comment on function app_private.drop_rule_function(text) is $$
Drops app_rules.<function_name>; nothing where there is none.
$$;
