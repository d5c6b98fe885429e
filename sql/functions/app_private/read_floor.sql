create function app_private.read_floor(text)
returns smallint
language sql
immutable
parallel safe
as $$
  select case
    when $1 is null then null
    when ltrim($1, '0123456789') = '' and length($1) between 1 and 4 then $1::smallint
    else app_private.read_floor_words($1)
  end
$$;

comment on function app_private.read_floor(text) is $$
A floor as it is written: 2, -1, 2e, 1er étage, 2/5, 2e sur 5, RDC, rez-de-jardin (0), sous-sol (-1).

Null when it is not said and when it cannot be read ("dernier étage" is no number).

    select app_private.read_floor('RDC');  -- 0
$$;
