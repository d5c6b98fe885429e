create function app_public.transactions_distance_m(
  sale app_public.transactions,
  longitude double precision,
  latitude double precision
)
returns double precision
language sql
stable
parallel safe
as $$
  select app_public.distance_m($2, $3, sale.longitude, sale.latitude)
$$;

comment on function app_public.transactions_distance_m is $$
How far the sale is from a point, metres; null where the place of the sale is unknown.

`longitude`, `latitude`: degrees east and north (WGS 84).

    select t.transactions_distance_m(2.3488, 48.8534) from app_public.transactions as t limit 1;
$$;

grant execute on function app_public.transactions_distance_m to app_analyst;
