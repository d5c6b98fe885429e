-- Without `set`, so that the planner writes it in place of the call.

create function app_private.change_magnitude(field_name text, old_value jsonb, new_value jsonb)
returns real
language sql
immutable
as $$
  select case
    when field_name not in (
      'price_eur', 'surface_m2', 'land_surface_m2', 'longitude', 'latitude', 'title', 'address', 'agency_name',
      'description'
    ) then 1
    when nullif(old_value, 'null') is null or nullif(new_value, 'null') is null then null
    when field_name in ('price_eur', 'surface_m2', 'land_surface_m2') then
      case when old_value::float8 > 0 and new_value::float8 > 0
        then abs(ln(new_value::float8 / old_value::float8)) end
    -- One degree of latitude, and one of longitude in the middle of France (46.5° N).
    when field_name = 'latitude' then abs(new_value::float8 - old_value::float8) * 111195
    when field_name = 'longitude' then abs(new_value::float8 - old_value::float8) * 76540
    else 1 - extensions.similarity(old_value #>> '{}', new_value #>> '{}')
  end::real
$$;

comment on function app_private.change_magnitude(text, jsonb, jsonb) is $$
The size of the step of one field between two values, as app_private.home_differences tells it for whole homes, except
that a coordinate alone is taken to lie at 46.5° N.

    select app_private.change_magnitude('price_eur', '200000', '220000');  -- 0.09531018
$$;
