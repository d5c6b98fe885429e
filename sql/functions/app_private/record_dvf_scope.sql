-- A quarter of a département's communes is far above what one town's file touches through deeds that reach
-- into a neighbour's land, and far below what any département sells in in a month. date_part rather than extract,
-- which computes in numeric.

create function app_private.record_dvf_scope(release integer, claims jsonb)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  create temporary table dvf_volume on commit drop as
  select c.department_code, c.insee_code, date_part('year', c.sold_on)::smallint as sold_year,
    count(*)::integer as transaction_count, sum(c.line_count)::integer as line_count
  from app_private.dvf_candidates as c
  where c.release_id = release
  group by 1, 2, 3;

  insert into app_public.dvf_release_scopes as s (release_id, department_code, insee_code, sold_year, line_count, transaction_count)
  with claim as (
    select c.area, c.code, y.sold_year
    from jsonb_to_recordset(coalesce(claims, '[]')) as c (area text, code text, years smallint[])
    cross join lateral (
      select unnest(c.years) as sold_year
      where c.years is not null
      union
      select v.sold_year from pg_temp.dvf_volume as v where c.years is null
    ) as y
  ), claimed as (
    select d.code as department_code, '' as insee_code, c.sold_year
    from claim as c
    join app_public.departments as d on c.area = 'FR' or c.area = 'department' and c.code = d.code
    union
    select i.department_code, i.insee_code, c.sold_year
    from claim as c
    join app_public.cities as i on i.insee_code = c.code or i.parent_insee_code = c.code
    where c.area = 'commune'
  ), inferred as (
    select v.department_code, case when w.is_whole then '' else v.insee_code end as insee_code, v.sold_year
    from pg_temp.dvf_volume as v
    join (
      select u.department_code, u.sold_year,
        count(distinct u.insee_code) * 4 >= (
          select count(*) from app_public.cities as i where i.department_code = u.department_code
        ) as is_whole
      from pg_temp.dvf_volume as u
      group by u.department_code, u.sold_year
    ) as w using (department_code, sold_year)
    where claims is null
  ), scope as (
    select * from claimed union select * from inferred
  )
  select release, s.department_code, s.insee_code, s.sold_year,
    coalesce(sum(v.line_count), 0), coalesce(sum(v.transaction_count), 0)
  from scope as s
  left join pg_temp.dvf_volume as v
    on v.department_code = s.department_code and v.sold_year = s.sold_year and s.insee_code in ('', v.insee_code)
  group by s.department_code, s.insee_code, s.sold_year;
end
$$;

comment on function app_private.record_dvf_scope(integer, jsonb) is $$
Records what a release claims to cover: whole départements (insee_code '') or single communes, by year.

`claims` is an array of {area: 'FR' | 'department' | 'commune', code, years: [2023] or null for the years met}.
Without claims the scope is inferred: a département whose communes are met by a quarter or more in a year is
covered whole in that year, else only the communes met. Nothing outside its scope is ever withdrawn by it.
$$;
