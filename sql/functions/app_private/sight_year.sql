create function app_private.sight_year(text)
returns smallint
language sql
stable
parallel safe
as $$
  select case
    when length($1) = 4 and $1 between '1' and ':' and pg_input_is_valid($1, 'smallint') then $1::smallint
  end
$$;

comment on function app_private.sight_year(text) is $$
A year of four digits; null otherwise: see read_year.

    select app_private.sight_year('1985');  -- 1985
$$;
