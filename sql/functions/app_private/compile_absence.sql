-- Many rows: a list that is hashed once and needs no row to be planned, so that workers may share the scan (a correlated
-- look-up keeps the whole scan in one process). Few rows: each is looked up by an index and nothing is read whole.

create function app_private.compile_absence(table_name text, columns text[], wanted text[], is_large boolean)
returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
  select case
    -- Statistics may be too many to be hashed in memory.
    when is_large and table_name not like '%\_stats' then format(
      '(%s) not in (select %s from app_public.%I as x where %s)',
      string_agg(format('%s::text collate "C"', p.wanted), ', ' order by p.ordinal),
      string_agg(format('x.%I::text collate "C"', p.name), ', ' order by p.ordinal),
      table_name,
      string_agg(format('x.%I is not null', p.name), ' and ' order by p.ordinal))
    else format(
      'not exists (select from app_public.%I as x where %s)',
      table_name,
      string_agg(format('x.%I::text = %s::text collate "C"', p.name, p.wanted), ' and ' order by p.ordinal))
  end
  from unnest(columns, wanted) with ordinality as p (name, wanted, ordinal)
$$;

comment on function app_private.compile_absence(text, text[], text[], boolean) is $$
The condition that no row of a reference table has some values, none of them null, in some columns.

    select app_private.compile_absence('departments', '{code}', '{r.department_code}', false);
    -- not exists (select from app_public.departments as x where x.code::text = r.department_code::text collate "C")
$$;
