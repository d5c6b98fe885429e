create function app_private.read_figure_words(text)
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
    '^([0-9]{1,6}(?:[.,][0-9]{1,6})?)\s*(?:(?:kwh|kg)[ a-z0-9₂_.]*(?:(?:/|par)\s*m\s?[²2](?:[ ./]*(?:par )?an(?:n[eé]e)?)?)?\.?)?$'
  ) as m (parts)
$$;

comment on function app_private.read_figure_words(text) is $$
The figures of certificates that read_figure does not know at sight: with decimals and units.

    select app_private.read_figure_words('32,4 kg CO2/m²/an');  -- 32
$$;
