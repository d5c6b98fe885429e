create function app_private.rule_names()
returns table (name text, column_name text, data_type text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select n.name, f.column_name, f.data_type
  from app_public.rule_fields as f
  cross join lateral (
    select distinct x.name
    from unnest(array[f.field_name, f.column_name]) as x (name)
  ) as n
  order by f.column_name, n.name
$$;

comment on function app_private.rule_names() is $$
Every name that the text of a rule may use for a field, with the column and its SQL type.
$$;
