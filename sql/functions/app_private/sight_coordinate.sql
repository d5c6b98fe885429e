create function app_private.sight_coordinate(text)
returns double precision
language sql
stable
parallel safe
as $$
  select case
    when ($1 between '0' and ':' or $1 between '-0' and '-:')
      and $1 like '%.%'
      and $1 not like '%x%'
      and pg_input_is_valid($1, 'double precision')
      then $1::double precision
  end
$$;

comment on function app_private.sight_coordinate(text) is $$
A longitude or latitude in plain degrees; null otherwise: see read_coordinate.

    select app_private.sight_coordinate('-1.5536');  -- -1.5536
$$;
