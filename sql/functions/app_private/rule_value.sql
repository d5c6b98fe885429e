-- requires: sql/functions/app_private/rule_columns.sql

create function app_private.rule_value(rule app_public.validation_rules)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select case
    when rule.rule_type = 'data_type' and rule.field_name is null then
      '(select string_agg(u.key || '' '' || case when f.is_personal
          then app_private.personal_digest(u.value) else u.value end, '', '' order by u.key)
        from jsonb_each_text(r.unreadable) as u
        left join app_public.rule_fields as f on u.key in (f.field_name, f.column_name))'
    when count(*) = 0 then 'null'
    when count(*) = 1 then min(v.value)
    else format('concat_ws('', '', %s)', string_agg(format('%L || (%s)', v.field_name || ' ', v.value), ', ' order by v.ordinal))
  end
  from (
    select f.field_name, c.ordinal, format(case when f.is_personal
        then 'app_private.personal_digest(coalesce(r.%I::text, r.unreadable ->> %L))'
        else 'coalesce(r.%I::text, r.unreadable ->> %L)' end,
      f.column_name, f.field_name) as value
    from unnest(app_private.rule_columns(rule)) with ordinality as c (name, ordinal)
    cross join lateral app_private.rule_field(c.name) as f
  ) as v
$$;

comment on function app_private.rule_value(app_public.validation_rules) is $$
The SQL expression for what failed a rule in a row, called r: the value of its field (or the text that could not be read),
or "field value" for each of several; a digest where the field is personal.
$$;
