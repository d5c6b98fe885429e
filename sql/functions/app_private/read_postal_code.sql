create function app_private.read_postal_code(text)
returns text
language sql
immutable
strict
parallel safe
as $$
  select nullif(lpad(c.figures, 5, '0'), '00000')
  from (
    select substring(
      translate($1, U&' \00a0\202f', ''), '^(?:[Ff](?:[Rr])?-?)?([0-9]{4,5})(?:\.0)?$'
    ) as figures
  ) as c
$$;

comment on function app_private.read_postal_code(text) is $$
A postal code as it is written, in five digits: 75002, 6000, 75002.0, F-75002, 75 002; null when it is none.

    select app_private.read_postal_code('6000');  -- 06000
$$;
