create function app_private.sight_dpe_class(text)
returns text
language sql
immutable
parallel safe
as $$
  select case when length($1) = 1 and ($1 between 'A' and 'G' or $1 between 'a' and 'g') then upper($1) end
$$;

comment on function app_private.sight_dpe_class(text) is $$
A class of an energy certificate that is a letter and nothing else; null otherwise: see read_dpe_class.

    select app_private.sight_dpe_class('c');  -- C
$$;
