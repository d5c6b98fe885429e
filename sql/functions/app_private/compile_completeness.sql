-- requires: sql/functions/app_private/rule_field.sql

create function app_private.compile_completeness(weights jsonb default null)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select format('((%s) / %s::float8)',
    string_agg(format('case when r.%I %s then %s::float8 else 0 end', w.column_name,
      case w.column_name when 'property_type' then '<> ''unspecified''' else 'is not null' end, w.weight), ' + '),
    coalesce(nullif(sum(w.weight), 0), 1))
  from (
    select f.column_name, f.weight
    from app_public.rule_fields as f
    where weights is null and f.weight > 0
    union all
    select (app_private.rule_field(e.key)).column_name, e.value::numeric
    from jsonb_each_text(weights) as e
    where e.value::numeric > 0
    order by 1
  ) as w
$$;

comment on function app_private.compile_completeness(jsonb) is $$
The expression for the completeness of a row, called r: the share of fields it fills, weighted by rule_fields, or by an
object of field → weight.
$$;
