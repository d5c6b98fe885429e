-- requires: sql/functions/app_private/rule_reference_tables.sql

create function app_private.is_reference_column(table_name text, column_name text)
returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select table_name = any (app_private.rule_reference_tables()) and exists (
    select from pg_attribute as a
    where a.attrelid = to_regclass('app_public.' || quote_ident(table_name)) and a.attname = column_name
      and a.attnum > 0 and not a.attisdropped
  )
$$;

comment on function app_private.is_reference_column(text, text) is $$
Whether a reference table has a column.

    select app_private.is_reference_column('departments', 'code');  -- true
$$;
