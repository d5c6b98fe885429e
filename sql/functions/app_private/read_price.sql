-- Plain digits and "252 000 €" are nearly all there is; they are read in place. One expression, which the planner
-- puts in place of the call.

create function app_private.read_price(text)
returns numeric
language sql
immutable
parallel safe
as $$
  select case
    when $1 is null then null
    when ltrim($1, '0123456789') = '' and length($1) between 1 and 9 then nullif($1::integer, 0)::numeric
    when length($1) <= 16 and $1 ~ U&'^[1-9][0-9]{0,2}(?:[ \00a0\202f][0-9]{3}){1,3}[ \00a0\202f]?€?$'
      then translate($1, U&'€ \00a0\202f', '')::numeric
    else app_private.read_price_words($1)
  end
$$;

comment on function app_private.read_price(text) is $$
A price in euros as it is written: 252000, 252000.00, 252 000 €, 252.000,50, 252 k€, 1,2 M€.

Of two amounts glued together the one per square metre is left out ("252 000 €*8 129 € / m2" is 252000). Null when it
is not said (see is_not_said; 0 is not said), and when it cannot be read: several amounts, a rent, a negative or absurd
one.

    select app_private.read_price('1,2 M€');  -- 1200000.0
$$;
