-- One expression, which the planner puts in place of the call.

create function app_private.read_count(text)
returns smallint
language sql
immutable
parallel safe
as $$
  select case
    when $1 is null then null
    when ltrim($1, '0123456789') = '' and length($1) between 1 and 4 then $1::smallint
    else app_private.read_count_words($1)
  end
$$;

comment on function app_private.read_count(text) is $$
A number of rooms or bedrooms as it is written: 3, 3.0, T3, F4, T1 bis, studio, 3 pièces, 3 p., 2 chambres.

Null when it is not said and when it cannot be read ("T3/T4", a negative or absurd one).

    select app_private.read_count('T3');  -- 3
$$;
