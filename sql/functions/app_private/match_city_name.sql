-- Only numbers tell arrondissements apart, and neither trigrams nor edits weigh them: there, equal or nothing.
-- Trigrams see words in another order, edits see one wrong letter in a short name: the better of the two counts.

create function app_private.match_city_name(asked_name text, asked_key text, known_name text, known_key text)
returns table (name_basis text, name_score double precision)
language sql
stable
as $$
  select
    case
      when c.is_whole then case when $1 = $3 then 'exact' else 'spelling' end
      when c.is_numbered then 'none'
      when c.is_beginning or c.is_part then 'part'
      when l.likeness > 0.3 then 'close'
      else 'none'
    end,
    case
      when c.is_whole then case when $1 = $3 then 1 else 0.99 end
      when c.is_numbered then 0
      when c.is_beginning then greatest(0.94, l.likeness)
      when c.is_part then greatest(0.65, l.likeness)
      when l.likeness > 0.3 then l.likeness
      else 0
    end
  from (
    select
      $2 = $4 as is_whole,
      $1 = '' or $1 like '% arrondissement' or $3 like '% arrondissement' as is_numbered,
      starts_with($3, $1 || ' ') or starts_with($1, $3 || ' ') as is_beginning,
      length($1) >= 4 and length($3) >= 4
        and (strpos(' ' || $3 || ' ', ' ' || $1 || ' ') > 0 or strpos(' ' || $1 || ' ', ' ' || $3 || ' ') > 0)
        as is_part
  ) as c
  left join lateral (
    select least(
      0.95,
      greatest(
        1 - power(1 - extensions.similarity($1, $3), 2),
        case extensions.levenshtein_less_equal($2, $4, 2)
          when 1 then case when length($2) >= 4 then 0.93 else 0.65 end
          when 2 then case when length($2) >= 8 then 0.85 when length($2) >= 5 then 0.65 else 0 end
          else 0
        end
      )
    )::double precision as likeness
    offset 0
  ) as l on not c.is_whole and not c.is_numbered
$$;

comment on function app_private.match_city_name(text, text, text, text) is $$
How well a name fits a known one, both as normal name and key: `exact`, `spelling` (article or spaces differ), `part`
(whole words of one are the other), `close` (misspelt) or `none`, with a score from 0 to 1.

    select * from app_private.match_city_name('clichy la garenne', 'clichylagarenne', 'clichy', 'clichy');  -- part, 0.94
$$;
