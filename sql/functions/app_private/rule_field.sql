create function app_private.rule_field(name text)
returns app_public.rule_fields
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select f.*
  from app_public.rule_fields as f
  where name in (f.field_name, f.column_name)
    or f.field_name = case name when 'type' then 'property_type' when 'url' then 'property_url' when 'key' then 'source_key' end
  order by f.field_name = name desc
  limit 1
$$;

comment on function app_private.rule_field(text) is $$
The field that a rule means by a name: its own, its column's, or `type`, `url`, `key`; null when there is none.

    select (app_private.rule_field('type')).column_name;  -- property_type
$$;
