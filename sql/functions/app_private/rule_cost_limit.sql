create function app_private.rule_cost_limit()
returns numeric
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
  select 20000000
$$;

comment on function app_private.rule_cost_limit() is $$
The most that the plan of a rule may cost, in the planner's units: a scan of a million live homes is some 60 000.
$$;
