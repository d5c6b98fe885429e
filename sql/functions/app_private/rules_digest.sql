-- requires: sql/functions/app_private/active_rules.sql

create function app_private.rules_digest(source smallint)
returns bigint
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select hashtextextended(
    coalesce((select string_agg(r.id || '.' || r.version, ' ' order by r.id) from app_private.active_rules(source) as r), '')
      || '|' || coalesce((select string_agg(f.column_name || ' ' || f.weight, ' ' order by f.column_name)
        from app_public.rule_fields as f where f.weight > 0), ''),
    0
  )
$$;

comment on function app_private.rules_digest(smallint) is $$
One number for what a source's rows are judged by: the rules in force with their versions, and the weights of fields.
Verdicts given under the same number still hold.
$$;
