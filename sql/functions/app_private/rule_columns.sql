create function app_private.rule_columns(rule app_public.validation_rules)
returns text[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select case
    when rule.rule_type = 'cross_field' then
      array[coalesce(rule.rule_config ->> 'left', rule.field_name), rule.rule_config ->> 'right']
    when rule.rule_type = 'compound_unique' then array(select jsonb_array_elements_text(rule.rule_config -> 'fields'))
    when rule.rule_type = 'sum_equals' then array(select jsonb_array_elements_text(rule.rule_config -> 'fields'))
      || coalesce(rule.rule_config ->> 'total', rule.field_name)
    when rule.rule_type = 'reference' then array(select jsonb_object_keys(rule.rule_config -> 'columns') order by 1)
    when rule.rule_type = 'required_if' then array[rule.field_name, rule.rule_config ->> 'field']
    when rule.rule_type = 'geo_within' then '{longitude,latitude}'::text[]
      || case when rule.rule_config ? 'area' then '{department}'::text[] end
    when rule.rule_type = 'confidence_min' then '{city,city_confidence}'::text[]
    when rule.rule_type = 'expression' and rule.field_name is null then coalesce((
      select p.proargnames from pg_proc as p
      where p.pronamespace = 'app_rules'::regnamespace and p.proname = 'rule_' || rule.id
    ), '{}')
    when rule.field_name is not null then array[rule.field_name]
    when rule.rule_type = 'peer_outlier' then '{price_per_m2}'::text[]
    else '{}'::text[]
  end
$$;

comment on function app_private.rule_columns(app_public.validation_rules) is $$
The fields that a rule compares, as it names them: what a failure shows the values of.
$$;
