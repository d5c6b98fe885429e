create function app_private.rule_seconds()
returns numeric
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(nullif(current_setting('parcelle.rule_seconds', true), '')::numeric, 60)
$$;

comment on function app_private.rule_seconds() is $$
How many seconds one scan that holds texts of rules may take: 60, or the setting parcelle.rule_seconds.
$$;
