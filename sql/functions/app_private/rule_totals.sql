-- requires: sql/functions/app_private/rule_sort.sql
-- requires: sql/functions/app_private/rule_weight.sql

create function app_private.rule_totals(rules app_public.validation_rules[])
returns table (property_type app_base.property_type, weight numeric)
language sql
stable
rows 7
set search_path = pg_catalog, pg_temp
as $$
  select t.property_type, nullif(coalesce(sum(app_private.rule_weight(r)), 0), 0)
  from unnest(enum_range(null::app_base.property_type)) as t (property_type)
  left join unnest(rules) as r
    on (r.property_type is null or r.property_type = t.property_type) and app_private.rule_sort(r) in ('row', 'rows')
  group by t.property_type
$$;

comment on function app_private.rule_totals(app_public.validation_rules[]) is $$
For each type of home the weight of all rules that judge rows of that type: what the weight of failed rules is a share of.
$$;
