create function app_private.judge_dvf_release(release integer)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  settings app_private.dvf_settings;
  this app_public.dvf_releases;
  reasons jsonb := '[]';
begin
  select s.* into strict settings from app_private.dvf_settings as s;
  select r.* into strict this from app_public.dvf_releases as r where r.id = release;

  if this.line_count = 0 then
    reasons := reasons || jsonb_build_object('reason', 'no_lines');
  elsif this.rejected_count > settings.rejected_share_max * this.line_count then
    reasons := reasons || jsonb_build_object('reason', 'rejected_lines', 'rejected', this.rejected_count,
      'lines', this.line_count, 'share_max', settings.rejected_share_max);
  end if;

  -- The last release of the same years says which départements belong in one of this breadth.
  reasons := reasons || coalesce((
    with covered as (
      select distinct s.department_code, s.sold_year
      from app_public.dvf_release_scopes as s
      where s.release_id = release and s.insee_code = '' and s.transaction_count > 0
    ), earlier as (
      select distinct s.department_code, s.sold_year
      from app_public.dvf_release_scopes as s
      where s.insee_code = '' and s.transaction_count > 0
        and s.sold_year in (select c.sold_year from covered as c)
        and s.release_id = (
          select r.id
          from app_public.dvf_releases as r
          join app_public.dvf_release_scopes as o on o.release_id = r.id
          where r.status = 'applied' and o.insee_code = ''
            and (o.department_code, o.sold_year) in (select c.department_code, c.sold_year from covered as c)
          order by r.applied_order desc
          limit 1
        )
    )
    select jsonb_agg(jsonb_build_object('reason', 'missing_department', 'department', e.department_code,
      'year', e.sold_year) order by e.department_code, e.sold_year)
    from earlier as e
    where (e.department_code, e.sold_year) not in (select c.department_code, c.sold_year from covered as c)
      and (select count(*) from covered) * 2 > (select count(*) from earlier)
  ), '[]');

  reasons := reasons || coalesce((
    with known as (
      select t.department_code, t.insee_code, date_part('year', t.sold_on)::smallint as sold_year, count(*) as sale_count
      from app_public.transactions as t
      where t.department_code = any (array(
        select distinct s.department_code from app_public.dvf_release_scopes as s where s.release_id = release))
      group by 1, 2, 3
    ), judged as (
      select s.department_code, s.insee_code, s.sold_year, s.transaction_count, sum(k.sale_count) as known_count
      from app_public.dvf_release_scopes as s
      join known as k
        on k.department_code = s.department_code and k.sold_year = s.sold_year and s.insee_code in ('', k.insee_code)
      where s.release_id = release
      group by s.department_code, s.insee_code, s.sold_year, s.transaction_count
    )
    select jsonb_agg(jsonb_build_object('reason', 'volume_collapse', 'department', j.department_code,
      'insee_code', nullif(j.insee_code, ''), 'year', j.sold_year, 'before', j.known_count, 'now', j.transaction_count,
      'share_min', settings.volume_share_min) order by j.department_code, j.insee_code, j.sold_year)
    from judged as j
    where j.known_count >= settings.volume_judged_from
      and j.transaction_count < settings.volume_share_min * j.known_count
  ), '[]');

  return nullif(reasons, '[]');
end
$$;

comment on function app_private.judge_dvf_release(integer) is $$
Why a loaded release must wait for an operator, as an array of reasons, or null when it may be applied.

Reasons: no_lines; rejected_lines (more than the set share); missing_department (the last release of these
years had it and this one is otherwise as broad); volume_collapse (a département or commune of its scope, in
a year, falls under the set share of what the ledger holds). The limits stand in app_private.dvf_settings.
$$;
