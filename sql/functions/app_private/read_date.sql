create function app_private.read_date(text)
returns date
language sql
immutable
strict
parallel safe
as $$
  select case
    when d.month between 1 and 12 and d.year >= 1000
      and d.day between 1 and extract(day from make_date(d.year, d.month, 1) + interval '1 month' - interval '1 day')
      then make_date(d.year, d.month, d.day)
  end
  from (
    select app_base.search_text(app_private.collapse_spaces($1)) as words
    where length($1) <= 100
  ) as g
  left join lateral regexp_match(
    g.words, '^([0-9]{4})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?(?:[t ][0-9]{1,2}:[0-9:.,]+ ?(?:z|utc|[-+][0-9:]+)?)?$'
  ) as iso (parts) on true
  left join lateral regexp_match(
    g.words, '^(?:([0-9]{1,2})[-/. ])?([0-9]{1,2})[-/. ]([0-9]{4})(?:,? (?:a )?[0-9]{1,2}[:h][0-9:]*)?$'
  ) as french (parts) on iso.parts is null
  left join lateral regexp_match(
    g.words, '^([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{2})$'
  ) as short (parts) on french.parts is null
  left join lateral regexp_match(
    g.words,
    '^(?:vendue? )?(?:le |en )?'
    || '(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lun|mar|mer|jeu|ven|sam|dim)[.,]? )?'
    || '(?:([0-9]{1,2})(?:er)?[ -])?'
    || '(jan|fev|mar|avr|mai|juin|juil|aou|sep|oct|nov|dec)'
    || '(?:v|vier|r|rier|s|il|let|t|tembre|obre|embre)?\.?[ -]([0-9]{4})$'
  ) as named (parts) on iso.parts is null and french.parts is null
  cross join lateral (
    select
      coalesce(iso.parts[1], french.parts[3], '20' || short.parts[3], named.parts[3])::integer as year,
      coalesce(
        iso.parts[2]::integer,
        french.parts[2]::integer,
        short.parts[2]::integer,
        array_position(
          array['jan', 'fev', 'mar', 'avr', 'mai', 'juin', 'juil', 'aou', 'sep', 'oct', 'nov', 'dec'], named.parts[2]
        )
      ) as month,
      coalesce(iso.parts[3], french.parts[1], short.parts[1], named.parts[1], '1')::integer as day
  ) as d
$$;

comment on function app_private.read_date(text) is $$
A day as it is written: 2024-01-12, 2024-01-12T10:00:00Z, 12/01/2024, 12.01.24, 12 janvier 2024, lundi 1er févr. 2024.

A month alone is its first day: mars 2023, 03/2023, 2023-03. Day before month, as the French write. Null when it is
not said and when it cannot be read: a day that does not exist, a year alone, "hier".

    select app_private.read_date('mars 2023');  -- 2023-03-01
$$;
