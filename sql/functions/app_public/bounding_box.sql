create function app_public.bounding_box(
  longitude double precision,
  latitude double precision,
  radius_m double precision
)
returns box
language sql
immutable
parallel safe
as $$
  -- A thousandth more than the radius: the box only has to hold the circle, never to be it.
  select pg_catalog.box(
    pg_catalog.point(
      longitude - pg_catalog.degrees(radius_m * 1.001 / 6371008.8) / pg_catalog.cos(pg_catalog.radians(latitude)),
      latitude - pg_catalog.degrees(radius_m * 1.001 / 6371008.8)
    ),
    pg_catalog.point(
      longitude + pg_catalog.degrees(radius_m * 1.001 / 6371008.8) / pg_catalog.cos(pg_catalog.radians(latitude)),
      latitude + pg_catalog.degrees(radius_m * 1.001 / 6371008.8)
    )
  )
$$;

comment on function app_public.bounding_box(double precision, double precision, double precision) is $$
A box in degrees (longitude, latitude) that holds the circle of `radius_m` metres around a point.

For a spatial index to find candidates by; the exact distance is distance_m's. Radii up to 100 km, latitudes up to 60°.

    select bounding_box(2.3488, 48.8534, 500);
    -- (2.3556406634471966,48.857901093398926),(2.3419593365528034,48.84889890660108)
$$;

grant execute on function app_public.bounding_box(double precision, double precision, double precision)
  to app_visitor, app_analyst;
