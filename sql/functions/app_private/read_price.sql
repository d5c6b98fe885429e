create function app_private.read_price(text)
returns numeric
language sql
immutable
strict
parallel safe
as $$
  select case when a.amount > 0 and a.amount < 1e12 then round(a.amount, 2) end
  from (
    select lower(translate($1, U&'\00a0\202f\2009', '   ')) as words
    where length($1) <= 200
  ) as g
  cross join lateral (
    select regexp_replace(
      g.words,
      '[0-9]+(?:[ .,''][0-9]+)*\s*(?:€|eur|euros?)?\s*(?:/|par|le)\s*m\s?[²2](?![0-9a-z])', ' ', 'g'
    ) as words
  ) as alone
  cross join lateral regexp_match(
    alone.words,
    '^[\s*(]*(?:prix(?: de vente)?\s*:?)?\s*(?:environ|env\.?|~|€)?\s*([0-9]+(?:[ .,''][0-9]+)*)\s*'
    || '(k ?€|k ?eur(?:os?)?|k|m ?€|m ?eur(?:os?)?|millions?(?: d.euros?)?|€|eur(?:os?)?)?'
    || '[\s*(]*(?:hai|fai|cc|ttc|tai|net vendeur|honoraires inclus|(?:frais|honoraires) d.agence inclus'
    || '|negociable|négociable)?'
    || '[\s*()]*$'
  ) as m (parts)
  cross join lateral (
    select case
      when m.parts[2] ~ '^k' then 1000 * app_private.read_decimal(m.parts[1], 'decimals')
      when m.parts[2] ~ '^m' then 1000000 * app_private.read_decimal(m.parts[1], 'decimals')
      else app_private.read_decimal(m.parts[1], 'thousands')
    end as amount
  ) as a
$$;

comment on function app_private.read_price(text) is $$
A price in euros as it is written: 252000, 252000.00, 252 000 €, 252.000,50, 252 k€, 1,2 M€.

Of two amounts glued together the one per square metre is left out ("252 000 €*8 129 € / m2" is 252000). Null when it
is not said (see is_not_said; 0 is not said), and when it cannot be read: several amounts, a rent, a negative or absurd
one.

    select app_private.read_price('1,2 M€');  -- 1200000.00
$$;
