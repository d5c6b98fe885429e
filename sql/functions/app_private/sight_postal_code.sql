create function app_private.sight_postal_code(text)
returns text
language sql
immutable
parallel safe
as $$
  select case when length($1) = 5 and ltrim($1, '0123456789') = '' and $1 <> '00000' then $1 end
$$;

comment on function app_private.sight_postal_code(text) is $$
A postal code of five digits; null otherwise: see read_postal_code.

    select app_private.sight_postal_code('75002');  -- 75002
$$;
