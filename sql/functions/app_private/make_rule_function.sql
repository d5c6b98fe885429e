-- requires: sql/functions/app_private/check_rule_text.sql
-- requires: sql/functions/app_private/refuse_unsafe_rule.sql
-- A body that PostgreSQL parses at once (no quoted text) binds every name now and has a tree to be read. The function
-- is not security definer, so that the planner can write it in place of the call: the scan around it runs as app_rule.

create function app_private.make_rule_function(function_name text, condition text, what text)
returns void
language plpgsql
volatile
security definer
set check_function_bodies = on
set search_path = pg_catalog, app_public, app_base, pg_temp
as $$
declare
  names text[];
  columns text[];
  used integer[];
begin
  perform app_private.check_rule_text(condition, what);
  select array_agg(n.name order by n.name), array_agg(n.data_type order by n.name)
  into names, columns
  from app_private.rule_names() as n;
  -- The first one takes every name there is; which of them it uses stands in its tree.
  perform app_private.create_rule_function(function_name, names, columns, condition, what);
  perform app_private.refuse_unsafe_rule(p.oid::regprocedure, what)
  from pg_proc as p
  where p.pronamespace = 'app_rules'::regnamespace and p.proname = function_name;
  select array_agg(distinct m[1]::integer order by m[1]::integer) into used
  from pg_proc as p
  cross join lateral regexp_matches(p.prosqlbody::text, ':paramid (\d+)', 'g') as m
  where p.pronamespace = 'app_rules'::regnamespace and p.proname = function_name;
  perform app_private.create_rule_function(
    function_name,
    array(select names[u] from unnest(used) as u),
    array(select columns[u] from unnest(used) as u),
    condition, what
  );
  perform app_private.give_to_rule_role(function_name);
end
$$;

comment on function app_private.make_rule_function(text, text, text) is $$
Makes app_rules.<function_name> from a condition over the fields of a row, in place of an earlier one: its parameters
are the fields that the condition names, it belongs to app_rule, and only that role may call it.

PC400: the condition cannot be read. PC422: it does what a rule may not. `what` begins the message.
$$;
