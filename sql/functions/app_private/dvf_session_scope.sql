create function app_private.dvf_session_scope()
returns app_private.dvf_session_scope
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  last_session app_public.scrape_sessions;
  answer app_private.dvf_session_scope;
  departments text[];
  communes text[];
begin
  select s.* into last_session
  from app_public.scrape_sessions as s
  join app_public.sources as r on r.id = s.source_id and r.code = 'dvf'
  where s.status = 'completed' and s.kind = 'report' and s.parameters ? 'applied_order'
  order by s.session_no desc
  limit 1;
  if last_session.id is null then
    return answer;
  end if;

  select
    array_agg(distinct p.department_code) filter (where p.insee_code = ''),
    array_agg(distinct p.insee_code) filter (where p.insee_code <> ''),
    make_date(min(p.sold_year), 1, 1),
    make_date(max(p.sold_year), 12, 31)
  into departments, communes, answer.first_day, answer.last_day
  from app_public.dvf_releases as r
  join app_public.dvf_release_scopes as p on p.release_id = r.id
  where r.status = 'applied' and r.applied_order > (last_session.parameters ->> 'applied_order')::integer
    or r.status = 'applied' and r.decided_at > last_session.queued_at
    or r.status = 'undone' and r.decided_at > last_session.queued_at;
  select coalesce(array_agg(c.insee_code order by c.insee_code), '{}') into answer.insee_codes
  from app_public.cities as c
  where c.department_code = any (departments) or c.insee_code = any (communes)
    or c.parent_insee_code = any (communes);
  -- A list of everything only costs.
  if cardinality(answer.insee_codes) >= (select count(*) from app_public.cities as c) then
    answer.insee_codes := null;
  end if;
  return answer;
end
$$;

comment on function app_private.dvf_session_scope() is $$
What the next session of source dvf has to look at: the communes and years that releases applied or undone since the
last completed one speak of, as one rectangle; everything when there was none. No communes: nothing has happened since.
$$;
