create function app_private.arrondissement_name(normal_name text)
returns text
language sql
immutable
as $$
  select case
    -- Most names are not these three, and a comparison costs less than a regular expression.
    when $1 not like '%paris%' and $1 not like '%lyon%' and $1 not like '%marseille%' then $1
    else coalesce(
      (
        select case
          when f.number between 1 and case f.city when 'paris' then 20 when 'lyon' then 9 else 16 end
            then format('%s %s%s arrondissement', f.city, f.number, case f.number when 1 then 'er' else 'e' end)
          -- PARIS 75, LYON CEDEX 20: a department or an office, not an arrondissement.
          else f.city
        end
        from (
          select
            coalesce(a.parts[1], b.parts[2], r.parts[1]) as city,
            coalesce(
              a.parts[2]::integer,
              b.parts[1]::integer,
              array_position(
                array[
                  'i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x',
                  'xi', 'xii', 'xiii', 'xiv', 'xv', 'xvi', 'xvii', 'xviii', 'xix', 'xx'
                ],
                r.parts[2]
              )
            ) as number
          from
            regexp_match(
              $1,
              '^(paris|lyon|marseille)(?: (?:arrondissement|arrondt|arrdt|arrt|arr|ardt))? ?0*([0-9]{1,2})'
              || ' ?(?:er|ere|e|eme|ieme|iem|em|me|nd|nde)?(?: (?:arrondissement|arrondt|arrdt|arrt|arr|ardt))?$'
            ) as a (parts),
            regexp_match(
              $1,
              '^0*([0-9]{1,2}) ?(?:er|ere|e|eme|ieme|iem|em|me|nd|nde)?'
              || '(?: (?:arrondissement|arrondt|arrdt|arrt|arr|ardt))?(?: de)? (paris|lyon|marseille)$'
            ) as b (parts),
            regexp_match(
              $1,
              '^(paris|lyon|marseille) ([ivx]+?)(?:er|e|eme|ieme)?(?: (?:arrondissement|arrondt|arrdt|arrt|arr|ardt))?$'
            ) as r (parts)
        ) as f
        where f.number is not null
      ),
      $1
    )
  end
$$;

comment on function app_private.arrondissement_name(text) is $$
The normal official name of an arrondissement of Paris, Lyon or Marseille, however its number is written; any other
normal name as it came.

    select app_private.arrondissement_name('paris 08');  -- paris 8e arrondissement
$$;
