-- "85" and "85 m²" are nearly all there is. One expression, which the planner puts in place of the call.

create function app_private.read_surface(text)
returns numeric
language sql
immutable
parallel safe
as $$
  select case
    when $1 is null then null
    when ltrim($1, '0123456789') = any (array['', ' m²', ' m2', 'm²', 'm2', U&'\00a0m²', U&'\202fm²'])
      and length($1) between 1 and 10 and $1 between '1' and ':'
      then left($1, length($1) - length(ltrim($1, '0123456789')))::numeric
    else app_private.read_surface_words($1)
  end
$$;

comment on function app_private.read_surface(text) is $$
A surface in m² as it is written: 85, 85,5, 85 m², 1 250 m2, 1,5 ha, 12 ares, 1 ha 20 a 35 ca.

Null when it is not said (0 is not said) and when it cannot be read: several surfaces, "85.125" (85 m² and 12 dm², or
85 125 m²), a negative or absurd one.

    select app_private.read_surface('1 ha 20 a');  -- 12000.00
$$;
