-- Read once for every street that occurs, not for every home. The key keeps the articles: what search and geocoder read
-- keeps them too, and "rue du Moulin" and "rue des Moulins" are two streets.

create function app_private.read_street(street text, has_number boolean)
returns table (street_suffix text, street_type text, street_name text, shown text, matched text)
language sql
immutable
parallel safe
as $$
  select
    x.suffix,
    y.street_type,
    n.name,
    case when y.street_type is not null or n.name is not null then
      case
        when x.suffix is null then ' '
        when x.suffix ~ '^[a-z](?:-|$)' then upper(left(x.suffix, 1)) || substr(x.suffix, 2) || ' '
        when x.suffix like '-%' then x.suffix || ' '
        else ' ' || x.suffix || ' '
      end || concat_ws(' ', y.street_type, n.name)
    end,
    case substring(x.suffix, '^[a-z]+')
      when 'b' then ' bis'
      when 't' then ' ter'
      when 'q' then ' quater'
      else coalesce(' ' || substring(x.suffix, '^[a-z]+'), '')
    end || nullif(rtrim(
      replace(replace(replace(replace(replace(replace(replace(replace(replace(
      replace(replace(replace(replace(replace(replace(replace(replace(
        -- Two spaces between words, so that each has its own.
        ' ' || replace(
          case when y.street_type is null then k.key else y.key_words || substr(k.key, length(y.words) + 1) end, ' ', '  '
        ) || ' ',
        ' st ', ' saint '), ' ste ', ' sainte '), ' sts ', ' saints '), ' gal ', ' general '), ' gen ', ' general '),
        ' mal ', ' marechal '), ' dr ', ' docteur '), ' pdt ', ' president '), ' cdt ', ' commandant '),
        ' lt ', ' lieutenant '), ' pr ', ' professeur '), ' prof ', ' professeur '), ' nd ', ' notre dame '),
        ' mgr ', ' monseigneur '), ' fg ', ' faubourg '), ' fbg ', ' faubourg '), '  ', ' ')
    ), '')
  from (
    select case
      -- Few streets begin so, and to take a text apart costs ten times as much as to look at its beginning.
      when $2 and $1 ~* '^(?:[-–/&à]|[a-z](?:[^\w''’.]|$)|(?:bis|ter|quater|quinquies|et|au)\M)' then regexp_match(
        $1,
        '^((?:(?:bis|ter|quater|quinquies)\M|[a-ce-km-qs-z](?![''’.\w]|\s+[0-9])'
        -- "12 R Hugo" is a street, "12 d Hugo" and "12 l Orée" have lost their apostrophe.
        || '|[dlr](?=\s+(?:rue|av|avenue|bd|boulevard|chemin|impasse|place|route|all[ée]e|quai|square|cours|passage)\M)'
        || ')?)\s*'
        || '((?:(?:[-–/&]|(?:à|a|et|au)\M)\s*[0-9]{1,4}(?:\s?(?:bis|ter|quater)\M|[a-z]\M)?\s*){0,3})[\s,]*(.*)$',
        'i'
      )
    end as parts
    offset 0
  ) as m
  cross join lateral (
    select
      case when m.parts is not null then nullif(
        lower(m.parts[1])
        || regexp_replace(lower(btrim(m.parts[2])), '\s*(?:[-–/&]|à|a|et|au)\s*([0-9]+)\s*', '-\1', 'g'),
        ''
      ) end as suffix,
      case when m.parts is not null then m.parts[3] else $1 end as street
    offset 0
  ) as x
  cross join lateral (
    select case
      when octet_length(x.street) = length(x.street) then lower(x.street)
      else app_base.search_text(x.street)
    end as plain
    offset 0
  ) as p
  cross join lateral (select btrim(regexp_replace(p.plain, '[^a-z0-9]+', ' ', 'g')) as key offset 0) as k
  cross join lateral (
    select
      split_part(k.key, ' ', 1) as one,
      split_part(k.key, ' ', 1) || ' ' || split_part(k.key, ' ', 2) as two
    offset 0
  ) as w
  cross join lateral (
    select
      case when t.is_first then coalesce(t.two ->> 1, t.one ->> 1) end as street_type,
      case when t.is_first then coalesce(t.two ->> 0, t.one ->> 0) end as key_words,
      case when not t.is_first then null when t.two is not null then w.two else w.one end as words
    from (
      select
        app_private.street_words() -> w.two as two,
        app_private.street_words() -> w.one as one,
        -- A word in another script may stand before the one that the key begins with.
        starts_with(ltrim(p.plain, ' ''"«(.,-*/’'), w.one) as is_first
      offset 0
    ) as t
    offset 0
  ) as y
  cross join lateral (
    select case
      when y.street_type is null then x.street
      when starts_with(p.plain, y.words || ' ') and length(p.plain) = length(x.street)
        then ltrim(substr(x.street, length(y.words) + 2))
      when strpos(y.words, ' ') > 0 then regexp_replace(x.street, '^\W*\w+\W+\w+[\s.,]*', '')
      else regexp_replace(x.street, '^\W*\w+[\s.,]*', '')
    end as name
    offset 0
  ) as d
  cross join lateral (
    -- What mixes capitals and small letters was written with care and stays.
    select case
      when d.name = '' then null
      when d.name <> upper(d.name) and d.name <> lower(d.name) then d.name
      else app_private.street_title(d.name, y.street_type is not null)
    end as name
    offset 0
  ) as n
$$;

comment on function app_private.read_street(text, boolean) is $$
A street as it is written after the number, read: suffix or range of the number (bis, b, -14; only where `has_number`),
street type written out, name; what is `shown` after the number, and what is `matched` after it.

For matching, everything is in lower-case unaccented words, type and St, Gal, Dr and the like are written out, the land
register's B, T, Q are bis, ter, quater, and a range counts as its first number.

    select * from app_private.read_street('bis av. du Gal Leclerc', true);
    -- bis, Avenue, du Gal Leclerc, " bis Avenue du Gal Leclerc", " bis avenue du general leclerc"
$$;
