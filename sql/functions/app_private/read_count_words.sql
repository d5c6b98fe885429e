create function app_private.read_count_words(text)
returns smallint
language sql
immutable
strict
parallel safe
as $$
  select case
    when g.words ~ '^studio(?:tte)?s?$' then 1
    else substring(
      g.words,
      '^(?:(?:type )?[tf] ?)?([0-9]{1,4})(?:[.,]0+)?(?: bis)?\s*'
      || '(?:pi[eè]ces?(?: principales?)?|p|pcs?|rooms?|chambres?|ch|bedrooms?)?\.?(?:\(s\))?$'
    )::smallint
  end
  from (
    select lower(app_private.collapse_spaces($1)) as words
    where length($1) <= 60
  ) as g
$$;

comment on function app_private.read_count_words(text) is $$
The numbers of rooms that read_count does not know at sight.

    select app_private.read_count_words('4 pièces');  -- 4
$$;
