create function app_private.read_year(text)
returns smallint
language sql
immutable
strict
parallel safe
as $$
  select nullif(substring(
    g.words, '^(?:(?:construite?|batie?) en |en |vers )?([0-9]{1,4})(?:\.0+)?$'
  )::smallint, 0)
  from (
    select app_base.search_text(app_private.collapse_spaces($1)) as words
    where length($1) <= 60
  ) as g
$$;

comment on function app_private.read_year(text) is $$
The year something was built as it is written: 1985, 1985.0, construit en 1985.

Null when it is not said (0 is not said) and when it cannot be read: "avant 1949" is no year.

    select app_private.read_year('construit en 1985');  -- 1985
$$;
