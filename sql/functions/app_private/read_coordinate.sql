create function app_private.read_coordinate(text)
returns double precision
language sql
immutable
parallel safe
as $$
  select case
    when length($1) <= 25 and ltrim($1, '-0123456789.') = '' and $1 like '_%.%_' and $1 ~ '^-?[0-9]{1,3}\.[0-9]+$'
      then $1::double precision
    when length($1) <= 40
      then replace(substring($1, '^\s*([-+]?[0-9]{1,3}(?:[.,][0-9]+)?(?:[eE]-[0-9]{1,2})?)\s*°?\s*$'), ',', '.')::double precision
  end
$$;

comment on function app_private.read_coordinate(text) is $$
A longitude or latitude in degrees, with decimal point or comma; null when it is none.

    select app_private.read_coordinate('48,8566');  -- 48.8566
$$;
