create function app_private.read_surface(text)
returns numeric
language sql
immutable
strict
parallel safe
as $$
  select case when a.amount > 0 and a.amount < 1e8 then round(a.amount, 2) end
  from (
    select regexp_replace(
      lower(translate($1, U&'\00a0\202f\2009', '   ')),
      '^\s*(?:environ|env\.?|~)\s*'
      || '|[\s*(]*(?:environ|env\.?|(?:loi )?carrez|habitables?|hab\.?|utiles?|au sol|de terrain)?[\s*)]*$',
      '', 'g'
    ) as words
    where length($1) <= 200
  ) as g
  cross join lateral regexp_match(
    g.words, '^([0-9]+(?:[ .,''][0-9]+)*)\s*(?:m ?[²2]|m|sqm|m[eè]tres? carr[eé]s?)?$'
  ) as m (parts)
  cross join lateral regexp_match(
    g.words,
    '^(?:([0-9 .,]*[0-9])\s*(?:ha|hectares?))?\s*(?:([0-9 .,]*[0-9])\s*(?:a|ares?))?\s*'
    || '(?:([0-9]+)\s*(?:ca|centiares?|m ?[²2]))?$'
  ) as l (parts)
  cross join lateral (
    select case
      when m.parts is not null then app_private.read_decimal(m.parts[1], 'unclear')
      when l.parts[1] is not null or l.parts[2] is not null then
        case when l.parts[1] is null then 0 else 10000 * app_private.read_decimal(l.parts[1], 'decimals') end
        + case when l.parts[2] is null then 0 else 100 * app_private.read_decimal(l.parts[2], 'decimals') end
        + case when l.parts[3] is null then 0 else app_private.read_decimal(l.parts[3], 'decimals') end
    end as amount
  ) as a
$$;

comment on function app_private.read_surface(text) is $$
A surface in m² as it is written: 85, 85,5, 85 m², 1 250 m2, 1,5 ha, 12 ares, 1 ha 20 a 35 ca.

Null when it is not said (0 is not said) and when it cannot be read: several surfaces, "85.125" (85 m² and 12 dm², or
85 125 m²), a negative or absurd one.

    select app_private.read_surface('1 ha 20 a');  -- 12000.00
$$;
