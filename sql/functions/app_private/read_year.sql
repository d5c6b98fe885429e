create function app_private.read_year(text)
returns smallint
language sql
immutable
parallel safe
as $$
  select case
    when $1 is null then null
    when ltrim($1, '0123456789') = '' and length($1) between 1 and 4 then nullif($1::smallint, 0)
    else substring(
      $1, '^\s*(?:(?:[Cc]onstruite?|[Bb][âa]tie?) en |[Ee]n |[Vv]ers )?([1-9][0-9]{3})(?:\.0+)?\s*$'
    )::smallint
  end
$$;

comment on function app_private.read_year(text) is $$
The year something was built as it is written: 1985, 1985.0, construit en 1985.

Null when it is not said (0 is not said) and when it cannot be read: "avant 1949" is no year.

    select app_private.read_year('construit en 1985');  -- 1985
$$;
