create function app_private.read_count(text)
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

comment on function app_private.read_count(text) is $$
A number of rooms or bedrooms as it is written: 3, 3.0, T3, F4, T1 bis, studio, 3 pièces, 3 p., 2 chambres.

Null when it is not said and when it cannot be read ("T3/T4", a negative or absurd one).

    select app_private.read_count('T3');  -- 3
$$;
