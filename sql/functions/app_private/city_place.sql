create function app_private.city_place(insee_code text)
returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select jsonb_build_object(
    'centre', jsonb_build_array(o.longitude, o.latitude),
    'bbox', case when o.west is not null then jsonb_build_array(o.west, o.south, o.east, o.north) end,
    'outline', o.outline
  )
  from app_public.city_outlines as o
  where o.insee_code = $1 and o.fetched_at > now() - interval '1 year'
$$;

comment on function app_private.city_place(text) is $$
Where a city lies, if that was asked within a year: {centre: [lon, lat], bbox: [west, south, east, north] or null,
outline: GeoJSON or null}; null when it was not.

    select app_private.city_place('35238');
$$;
