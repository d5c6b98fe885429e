-- Boxes around metropolitan France and each overseas territory. None of them is another one's mirror image, so a
-- point that lies in one of them only after an exchange of its coordinates was written the wrong way round.

create function app_private.is_place_on_earth(longitude double precision, latitude double precision)
returns boolean
language sql
immutable
parallel safe
as $$
  select case
    when $1 is null or $2 is null then abs(coalesce($1, 0)) <= 180 and abs(coalesce($2, 0)) <= 90
    when $1 between -5.6 and 9.8 and $2 between 41 and 51.3 then true
    when abs($1) > 180 or abs($2) > 90 or $1 = 0 and $2 = 0 then false
    else not (
      $2 between -5.6 and 9.8 and $1 between 41 and 51.3
      or $2 between -64 and -50 and $1 between 2 and 48
      or $2 between 43 and 57 and $1 between -23 and -10
    )
  end
$$;

comment on function app_private.is_place_on_earth(double precision, double precision) is $$
Whether coordinates can be a place: within the globe, not 0/0, and not a place of France (overseas too) with longitude
and latitude exchanged. One of them alone is judged by itself.

    select app_private.is_place_on_earth(48.85, 2.35);  -- false
$$;
