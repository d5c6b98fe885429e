create function app_private.sight_coordinate(text)
returns double precision
language sql
immutable
parallel safe
as $$
  select case when $1 ~ '^-?[0-9]{1,3}\.[0-9]{1,20}$' then $1::double precision end
$$;

comment on function app_private.sight_coordinate(text) is $$
A longitude or latitude in plain degrees; null otherwise: see read_coordinate.

    select app_private.sight_coordinate('-1.5536');  -- -1.5536
$$;
