create function app_private.read_floor(text)
returns smallint
language sql
immutable
strict
parallel safe
as $$
  select case
    when g.words ~ '^(?:rdc|rdj|rez[ -]de[ -](?:chauss[eé]e|jardin)(?: sur[eé]lev[eé]e?)?)$' then 0
    when g.words ~ '^(?:sous[ -]sol|ss)$' then -1
    else substring(
      g.words,
      '^(?:[eé]tage (?:n[°o] ?)?)?(-?[0-9]{1,4})(?:\.0+)?\s*(?:er|e|[eè]me|i[eè]me|nd)?\s*(?:[eé]tages?)?'
      || '\s*(?:(?:/|sur)\s*[0-9]{1,3}(?:\s*[eé]tages?)?)?$'
    )::smallint
  end
  from (
    select lower(app_private.collapse_spaces($1)) as words
    where length($1) <= 60
  ) as g
$$;

comment on function app_private.read_floor(text) is $$
A floor as it is written: 2, -1, 2e, 1er étage, 2/5, 2e sur 5, RDC, rez-de-jardin (0), sous-sol (-1).

Null when it is not said and when it cannot be read ("dernier étage" is no number).

    select app_private.read_floor('RDC');  -- 0
$$;
