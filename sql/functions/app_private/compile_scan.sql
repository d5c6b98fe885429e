-- requires: sql/functions/app_private/compile_row_rule.sql
-- The conditions stand twice: as one `or` chain that a good row leaves without anything being built, and as the list of
-- rules that a bad row failed. Evaluated as a list only, a million rows take half as long again.

create function app_private.compile_scan(
  rules app_public.validation_rules[], base text, deadline timestamptz default null, is_large boolean default false
)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select format(
    'select r.row_id, array_remove(array[%s], null) from (%s) as r%s where %s%s',
    string_agg(format('case when %s then %s end', c.condition, (c.rule).id), ', ' order by (c.rule).id),
    base,
    concat(
      case when bool_or(c.condition like '%peers.%') then
        ' left join app_public.listing_stats as peers'
        ' on peers.insee_code = r.insee_code and peers.property_type = r.property_type' end,
      case when bool_or(c.condition like '%live.%') then
        ' left join app_public.properties_live as live on live.id = r.property_id' end,
      case when bool_or(c.condition like '%box.%') then
        ' left join app_public.department_boxes as box on box.department_code = r.department_code' end
    ),
    case when deadline is not null then format('clock_timestamp() > %L and app_rules.is_over() or ', deadline) end,
    string_agg(c.condition, ' or ' order by (c.rule).id)
  )
  from (
    select r as rule, app_private.compile_row_rule(r, is_large) as condition
    from unnest(rules) as r
  ) as c
$$;

comment on function app_private.compile_scan(app_public.validation_rules[], text, timestamptz, boolean) is $$
One SELECT that judges every row of `base` (a query that gives row_id and the columns of a home) by all these rules:
row_id and the ids of failed rules, failing rows only. With a deadline it breaks off when that is over; `is_large` says
that there are many rows.
$$;
