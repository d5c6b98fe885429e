-- Three letters tell the French months apart but for juin and juillet (jui), four all of them.

create function app_private.read_date_words(text)
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
    '^(?:vendue? )?(?:le |en )?(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lun|mar|mer|jeu|ven|sam|dim)[.,]? )?'
    || '(?:([0-9]{1,2})(?:er)?[ -])?'
    || '(jan|fev|mar|avr|mai|juin|juil|aou|sep|oct|nov|dec)(?:v|vier|r|rier|s|il|let|t|tembre|obre|embre)?\.?[ -]([0-9]{4})$'
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

comment on function app_private.read_date_words(text) is $$
The days that read_date does not know at sight: with a time, day first, with the month in French, months alone.

    select app_private.read_date_words('12 février 2024');  -- 2024-02-12
$$;
