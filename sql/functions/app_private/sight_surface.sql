create function app_private.sight_surface(text)
returns numeric
language sql
stable
parallel safe
as $$
  select case
    when $1 is null or not $1 between '1' and ':' then null
    when length($1) <= 8 and pg_input_is_valid($1, 'integer') then $1::integer::numeric
    when $1 like '%_ m²' and length($1) <= 10 and pg_input_is_valid(left($1, -3), 'integer')
      then left($1, -3)::integer::numeric
    when $1 ~ '^[1-9][0-9]{0,5}(?:[.,][0-9]{1,2})? ?(?:m[²2])?$'
      then replace(split_part($1, 'm', 1), ',', '.')::numeric
    when $1 ~ '^[1-9][0-9]{0,2}(?:[ \u00a0\u202f][0-9]{3})?[ \u00a0\u202f]?m[²2]$'
      then replace(replace(replace(split_part($1, 'm', 1), ' ', ''), U&'\00a0', ''), U&'\202f', '')::numeric
  end
$$;

comment on function app_private.sight_surface(text) is $$
A surface in one of its commonest forms (85, 85,5, 85 m², 1 250 m2); null otherwise: see read_surface.

    select app_private.sight_surface('85,5 m²');  -- 85.5
$$;
