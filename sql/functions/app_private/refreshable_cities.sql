create function app_private.refreshable_cities(insee_codes text[])
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  unknown text;
begin
  select string_agg(w.code, ', ') into unknown
  from unnest(refreshable_cities.insee_codes) as w (code)
  where not exists (select from app_public.cities as c where c.insee_code = w.code);
  if unknown is not null then
    raise exception 'commune % does not exist', unknown
      using errcode = 'PC404', hint = 'Give INSEE codes of present communes: parcelle city resolve NAME.';
  end if;
  return jsonb_build_object(
    'cities', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'inseeCode', c.insee_code, 'name', c.name,
        'postalCode', (
          select min(p.postal_code) from app_public.city_postal_codes as p where p.insee_code = c.insee_code
        ),
        'department', jsonb_build_object('code', d.code, 'name', d.name),
        'region', jsonb_build_object('code', r.code, 'name', r.name)
      ) order by c.insee_code), '[]')
      from app_public.cities as c
      join app_public.departments as d on d.code = c.department_code
      join app_public.regions as r on r.code = d.region_code
      where c.insee_code = any (refreshable_cities.insee_codes)
    ),
    'sources', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'code', s.code, 'baseUrl', s.base_url, 'isLocal', s.is_local, 'config', s.config
      ) order by s.id), '[]')
      from app_public.sources as s
      where s.kind = 'explorer' and s.is_enabled and s.paused_at is null and s.base_url is not null
        and s.config ? 'city_page'
    )
  );
end
$$;

comment on function app_private.refreshable_cities(text[]) is $$
What refresh_city needs to know of cities: their names, departments and regions, and the explorers that have pages of
cities and may be asked: {cities: [{inseeCode, name, postalCode, department, region}], sources: [{code, baseUrl, isLocal,
config}]}.

    select app_private.refreshable_cities('{35238}') #>> '{cities,0,region,name}';  -- Bretagne

PC404: an unknown commune.
$$;
