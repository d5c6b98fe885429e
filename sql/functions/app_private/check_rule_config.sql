create function app_private.check_rule_config(rule app_public.validation_rules)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  kind app_public.rule_types;
  entry record;
  wanted text;
  problem text;
  shown text;
begin
  select t.* into kind from app_public.rule_types as t where t.rule_type = rule.rule_type;
  shown := format('An example of %s: %s', rule.rule_type, kind.example);
  if kind.needs_field and rule.field_name is null then
    raise exception 'a rule of type % needs field_name', rule.rule_type
      using errcode = 'PC400', hint = 'Name one of the fields of rule_fields, such as price.';
  end if;
  for entry in
    select k.key, coalesce(s.value, '') as shape, rule.rule_config -> k.key as given
    from (
      select jsonb_object_keys(rule.rule_config) union select jsonb_object_keys(kind.config_keys)
    ) as k (key)
    left join jsonb_each_text(kind.config_keys) as s on s.key = k.key
    order by k.key
  loop
    if entry.shape = '' then
      raise exception 'rule_config of % does not know the key %', rule.rule_type, entry.key
        using errcode = 'PC400', hint = format('It knows %s. %s', coalesce(
          (select string_agg(k, ', ') from jsonb_object_keys(kind.config_keys) as k), 'none'), shown);
    end if;
    if entry.given is null then
      if entry.shape like '%!' then
        raise exception 'rule_config of % lacks the key %', rule.rule_type, entry.key
          using errcode = 'PC400', hint = shown || '.';
      end if;
      continue;
    end if;
    wanted := rtrim(entry.shape, '!');
    problem := app_private.rule_config_problem(wanted, entry.given);
    if problem is not null then
      raise exception 'rule_config of %: % must be %, not %', rule.rule_type, entry.key, problem, left(entry.given::text, 200)
        using errcode = 'PC400', hint = shown || '.';
    end if;
  end loop;
  if kind.needs_one_of <> '{}' and not rule.rule_config ?| kind.needs_one_of then
    raise exception 'rule_config of % needs %', rule.rule_type, array_to_string(kind.needs_one_of, ' or ')
      using errcode = 'PC400', hint = shown || '.';
  end if;
end
$$;

comment on function app_private.check_rule_config(app_public.validation_rules) is $$
Holds a rule's config against the shape of its type (rule_types).

PC400: a key is unknown, missing, or not of its kind; the message names it, what is expected and what came.
$$;
