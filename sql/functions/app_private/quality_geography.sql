-- requires: sql/functions/app_private/session_rows_filter.sql

create function app_private.quality_geography(session app_public.scrape_sessions)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  answer jsonb;
begin
  execute format(
    $query$
      with
        homes as (
          select l.department_code, l.insee_code, false as is_brought
          from app_public.properties_live as l
          where l.source_id = %s and l.status in ('active', 'under_offer', 'sold')
          union all
          select s.department_code, s.insee_code, true from app_public.staged_properties as s where %s
        ),
        communes as (
          select h.department_code, h.insee_code, count(*) filter (where not h.is_brought) as live_count,
            count(*) filter (where h.is_brought) as brought_count
          from homes as h
          group by 1, 2
        ),
        departments as (
          select c.department_code, d.name, sum(c.live_count) as live_count, sum(c.brought_count) as brought_count,
            count(*) as commune_count
          from communes as c
          join app_public.departments as d on d.code = c.department_code
          group by 1, 2
        ),
        unresolved as (
          select g.city, g.postal_code, count(*) as row_count
          from app_public.staged_properties as s
          join app_public.property_scrapes_staging as g on g.id = s.staged_id and g.session_id = s.session_id
            and g.bucket = s.bucket
          where %2$s and s.insee_code is null
          group by 1, 2
        )
      select jsonb_build_object(
        'commune_count', (select count(*) from communes as c where c.insee_code is not null and c.live_count > 0),
        'department_count', (select count(*) from departments as d where d.live_count > 0),
        'brought_commune_count', (select count(*) from communes as c where c.insee_code is not null and c.brought_count > 0),
        'unresolved_count', (select coalesce(sum(c.brought_count), 0) from communes as c where c.insee_code is null),
        'unresolved_live_count', (select coalesce(sum(c.live_count), 0) from communes as c where c.insee_code is null),
        'departments', coalesce((
          select jsonb_agg(jsonb_build_object('code', d.department_code, 'name', d.name, 'live_count', d.live_count,
            'brought_count', d.brought_count, 'commune_count', d.commune_count)
            order by greatest(d.live_count, d.brought_count) desc, d.department_code)
          from (
            select * from departments as d order by greatest(d.live_count, d.brought_count) desc, d.department_code limit 20
          ) as d
        ), '[]'),
        'unresolved_names', coalesce((
          select jsonb_agg(jsonb_build_object('city', left(u.city, 60), 'postal_code', left(u.postal_code, 10),
            'row_count', u.row_count) order by u.row_count desc, u.city)
          from (select * from unresolved as u order by u.row_count desc, u.city, u.postal_code limit 10) as u
        ), '[]')
      )
    $query$, session.source_id, app_private.session_rows_filter(session))
  into answer;
  return answer;
end
$$;

comment on function app_private.quality_geography(app_public.scrape_sessions) is $$
Where the homes are: communes and departments of the source's live homes and of the rows a session brought, and the
names of places that could not be resolved, most frequent first.
$$;
