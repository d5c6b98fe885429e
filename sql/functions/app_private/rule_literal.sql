create function app_private.rule_literal(given jsonb, data_type text)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select case
    when jsonb_typeof(given) = 'array' then format('%L::%s[]', array(select jsonb_array_elements_text(given)), data_type)
    when given #>> '{}' like 'today%' then
      format('(current_date + %s)', coalesce(nullif(substr(given #>> '{}', 6), ''), '0')::integer)
    else format('%L::%s', given #>> '{}', data_type)
  end
$$;

comment on function app_private.rule_literal(jsonb, text) is $$
A value of a rule's config (one, a list, or today with so many days) as SQL writes it, in a type.

    select app_private.rule_literal('[1, 2]', 'integer');  -- '{1,2}'::integer[]
$$;
