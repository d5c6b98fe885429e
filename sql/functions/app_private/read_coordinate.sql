create function app_private.read_coordinate(text)
returns double precision
language sql
immutable
strict
parallel safe
as $$
  select replace(c.figures, ',', '.')::double precision
  from (
    select substring(
      $1, '^\s*([-+]?[0-9]{1,3}(?:[.,][0-9]{1,30})?(?:[eE]-[0-9]{1,2})?)\s*°?\s*$'
    ) as figures
  ) as c
$$;

comment on function app_private.read_coordinate(text) is $$
A longitude or latitude in degrees, with decimal point or comma; null when it is none.

    select app_private.read_coordinate('48,8566');  -- 48.8566
$$;
