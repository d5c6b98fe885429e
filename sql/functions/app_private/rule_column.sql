-- requires: sql/functions/app_private/rule_field.sql

create function app_private.rule_column(field text)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select format('r.%I', (app_private.rule_field(field)).column_name)
$$;

comment on function app_private.rule_column(text) is $$
The column a field means, as a compiled rule writes it: the rows it judges are called r.

    select app_private.rule_column('price');  -- r.price_eur
$$;
