-- Parts stand between commas, brackets and dashes; one of them is the street: the one with the number, else the first
-- that begins with the name of a way, else the first. City and postal code, wherever they stand, are no parts.

create function app_private.read_long_address(address text, city text, has_number boolean)
returns table (street_number integer, street text, complement text, postal_code text, city text)
language sql
immutable
parallel safe
as $$
  select
    number.parts[1]::integer,
    nullif(btrim(case when number.parts is null then street.words else number.parts[2] end, ' ,'), ''),
    nullif(picked.complement, ''),
    place.postal_code,
    place.city
  from (
    select btrim(regexp_replace(
      regexp_replace($1, '[\s,]+france\.?\s*$', '', 'i'), '\s*\mcedex\M(?:\s*[0-9]{1,2}\M)?', '', 'gi'
    ), ' ,;') as words
  ) as bare
  cross join lateral (
    select
      regexp_match(bare.words, '^(?:[Ff]-?)?([0-9]{5})[\s,]+([^0-9,;]+?)\s*[,;]\s*(.+)$') as first,
      regexp_match(
        bare.words,
        '^(.*)\m(?:[Ff]-?)?([0-9]{5})\M[\s,)–-]*([^,;()0-9]*(?:[0-9]{1,2} ?(?:er|e|[eè]me)?\M[^,;()0-9]*)?)\)?\s*$'
      ) as last
  ) as found
  cross join lateral (
    select case
      when not $3 and found.first[2] !~* w.ways then found.first[3]
      when found.last[3] !~* w.ways then found.last[1]
      else bare.words
    end as words,
    case
      when not $3 and found.first[2] !~* w.ways then found.first[1]
      when found.last[3] !~* w.ways then found.last[2]
    end as postal_code,
    case
      when not $3 and found.first[2] !~* w.ways then found.first[2]
      when found.last[3] !~* w.ways then nullif(btrim(found.last[3]), '')
    end as city,
    w.ways
    from (values (
      '^(?:rue|r|avenue|av|ave|boulevard|bd|bld|blvd|chemin|che|ch|impasse|imp|place|pl|route|rte|all[ée]e|all|square|sq'
      || '|quai|cours|passage|ruelle|sentier|mont[ée]e|traverse|voie|grande? rue|rond-point|faubourg)\M'
    )) as w (ways)
  ) as place
  cross join lateral (
    select
      (array_agg(p.words order by p.rank, p.ordinality))[1] as street,
      string_agg(p.words, ', ' order by p.ordinality) filter (where p.place_no > 1) as complement
    from (
      select s.*, row_number() over (order by s.rank, s.ordinality) as place_no
      from (
        select
          btrim(c.words, ' .') as words,
          c.ordinality,
          case
            when $3 and c.ordinality = 1 then 0
            when c.words ~* '^(?:n ?[°o]\.? ?)?[0-9]{1,5}\M' and c.words ~* ('^[^a-z]*(?:(?:bis|ter|quater|[a-z])\M\s*)?' || substr(place.ways, 2)) then 1
            when c.words ~* place.ways then 2
            when c.words ~ '^[0-9]{1,5} ' then 3
            else 4
          end as rank
        from regexp_split_to_table(
          regexp_replace(
            regexp_replace(place.words, '^((?:[0-9]{1,5} ?)?(?:bis|ter|quater|[a-z])?)\s*,\s*', '\1 ', 'i'),
            '([,;]\s*[0-9]{1,4} ?(?:bis|ter|quater|[a-z]\M)?)\s*,\s*', '\1 ', 'gi'
          ),
          '\s*[,;()]\s*|\s+[-–]\s+'
        ) with ordinality as c (words, ordinality)
        where c.words ~ '\w'
          and c.words !~ '^(?:[0-9]{2,3}|2[ABab])$'
          and app_base.normal_city_name(c.words) is distinct from app_base.normal_city_name(coalesce($2, place.city))
      ) as s
    ) as p
  ) as picked
  cross join lateral (
    -- "12 rue de la Paix Paris", but neither "avenue de Paris" nor "rue Paris".
    select substring(
      picked.street, '(?:\w+\W*){' || least(greatest(regexp_count(coalesce($2, place.city, ''), '\w+'), 1), 12) || '}$'
    ) as words
  ) as tail
  cross join lateral (
    select case
      when app_base.normal_city_name(tail.words) = app_base.normal_city_name(coalesce($2, place.city))
        and (
          length(tail.words) = length(picked.street)
          or h.head ~ '\w\W+\w+\W*$' and h.head !~* '\m(?:de|du|des|d|la|le|les|l|et|à|a|au|aux|en|sur|sous|saint|sainte|st|ste)\M\W*$'
        )
        then rtrim(h.head, ' ,-')
      else picked.street
    end as words
    from (select left(picked.street, length(picked.street) - length(tail.words)) as head) as h
  ) as street
  left join lateral regexp_match(
    street.words, '^(?:n ?[°o]\.? ?)?([0-9]{1,5})(?![0-9]|e\M|er\M|[eè]me\M)[\s,]*(.*)$', 'i'
  ) as number (parts) on not $3
$$;

comment on function app_private.read_long_address(text, text, boolean) is $$
An address that holds more than number and street, taken apart: number, street, the other parts (residence, building) as
complement, postal code and city. `has_number` says that the number has been cut off in front.

    select * from app_private.read_long_address('Résidence Les Lilas, 12 rue de la Paix, 75002 Paris', null, false);
    -- 12, rue de la Paix, Résidence Les Lilas, 75002, Paris
$$;
