-- Coordinates are read in pairs, since one of them tells whether the other was exchanged with it: the own one first.
-- The subquery keeps the planner from putting all readers in place of the call.

create function app_private.read_field(field text, words text)
returns text
language sql
immutable
strict
parallel safe
as $$
  select case f.field
    when 'price' then app_private.read_price($2)::text
    when 'surface' then app_private.read_surface($2)::text
    when 'land_surface' then round(app_private.read_surface($2))::text
    when 'rooms' then nullif(app_private.read_count($2), 0)::text
    when 'bedrooms' then app_private.read_count($2)::text
    when 'floor' then app_private.read_floor($2)::text
    when 'built_year' then app_private.read_year($2)::text
    when 'dpe_class' then app_private.read_dpe_class($2)
    when 'ghg_class' then app_private.read_dpe_class($2)
    when 'dpe_energy' then nullif(app_private.read_figure($2), 0)::text
    when 'dpe_emissions' then app_private.read_figure($2)::text
    when 'listed_on' then app_private.read_date($2)::text
    when 'sale_date' then app_private.read_date($2)::text
    when 'property_type' then app_private.read_property_type($2)::text
    when 'status' then app_private.read_status($2)::text
    when 'contact_phone' then app_private.read_phone($2)
    when 'postal_code' then app_private.read_postal_code($2)
    when 'title' then app_private.property_type_in(app_base.search_text($2))::text
    when 'longitude' then (
      select case when app_private.is_place_on_earth(p.own, p.other) then p.own end
      from (
        select
          app_private.read_coordinate(split_part($2, E'\x1f', 1)) as own,
          app_private.read_coordinate(split_part($2, E'\x1f', 2)) as other
      ) as p
    )::text
    when 'latitude' then (
      select case when app_private.is_place_on_earth(p.other, p.own) then p.own end
      from (
        select
          app_private.read_coordinate(split_part($2, E'\x1f', 1)) as own,
          app_private.read_coordinate(split_part($2, E'\x1f', 2)) as other
      ) as p
    )::text
  end
  from (select $1 as field offset 0) as f
$$;

comment on function app_private.read_field(text, text) is $$
What a staged field says, as the text of its typed value; null when it says nothing or cannot be read.

`field` is the name of a column of property_scrapes_staging; `title` gives the type of property in a title. Of
`longitude` and `latitude` the other one follows after the character U+001F.

    select app_private.read_field('surface', '1 ha');  -- 10000.00
$$;
