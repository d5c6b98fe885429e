create function app_private.compile_geo_within(config jsonb)
returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
  select concat_ws(' or ',
    case config ->> 'area'
      when 'department' then
        'r.longitude not between box.west and box.east or r.latitude not between box.south and box.north'
      -- The mainland with Corsica, the Antilles, Guyane, La Réunion, Mayotte, Saint-Pierre-et-Miquelon.
      when 'france' then
        'not (
          r.longitude between -5.3 and 9.8 and r.latitude between 41.2 and 51.3
          or r.longitude between -63.3 and -60.7 and r.latitude between 14.2 and 18.3
          or r.longitude between -54.8 and -51.4 and r.latitude between 2.0 and 5.9
          or r.longitude between 55.1 and 55.95 and r.latitude between -21.5 and -20.8
          or r.longitude between 44.9 and 45.4 and r.latitude between -13.1 and -12.5
          or r.longitude between -56.6 and -56.0 and r.latitude between 46.7 and 47.2
        )'
    end,
    case when config ? 'box' then format(
      'not (r.longitude between %s and %s and r.latitude between %s and %s)',
      (config -> 'box' ->> 0)::numeric, (config -> 'box' ->> 2)::numeric,
      (config -> 'box' ->> 1)::numeric, (config -> 'box' ->> 3)::numeric) end
  )
$$;

comment on function app_private.compile_geo_within(jsonb) is $$
The condition under which a row, called r, lies outside the area or box of a rule of type geo_within.
$$;
