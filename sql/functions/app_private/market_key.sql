-- Without `set`, so that it is inlined.

create function app_private.market_key(series integer, period_kind integer, period integer)
returns bigint
language sql
immutable
parallel safe
return (series::bigint << 14) + (period_kind << 12) + period;

comment on function app_private.market_key(integer, integer, integer) is $$
A group of market statistics as one number: series (place and kind of sale), kind of period (0 month, 1 quarter,
2 year), number of the period since 1900. Part of app_private.market_figures.
$$;
