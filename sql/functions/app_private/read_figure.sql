create function app_private.read_figure(text)
returns integer
language sql
immutable
strict
parallel safe
as $$
  select round(replace(m.parts[1], ',', '.')::numeric)::integer
  from (
    select lower(app_private.collapse_spaces($1)) as words
    where length($1) <= 60
  ) as g
  cross join lateral regexp_match(
    g.words,
    '^([0-9]{1,6}(?:[.,][0-9]{1,6})?)\s*'
    || '(?:(?:kwh|kg)[ a-z0-9₂_.]*(?:(?:/|par)\s*m\s?[²2](?:[ ./]*(?:par )?an(?:n[eé]e)?)?)?\.?)?$'
  ) as m (parts)
$$;

comment on function app_private.read_figure(text) is $$
A figure of an energy certificate as it is written, rounded: 185, 185,4, 185 kWh/m²/an, 32 kgCO2/m².an.

Null when it is not said and when it cannot be read.

    select app_private.read_figure('185 kWh/m²/an');  -- 185
$$;
