-- The index yields points in the order of distance in degrees, where a degree of longitude counts as much as one of
-- latitude. The `maximum` nearest in that order bound how far the nearest in metres can be; a second look within that
-- bound is exact and reads about three times as many rows as it returns, however dense the place.

create function app_public.nearest_transactions(
  longitude double precision,
  latitude double precision,
  maximum integer default 100,
  radius_m double precision default 10000,
  property_types app_base.property_type[] default null,
  sold_from date default null,
  sold_to date default null
)
returns setof app_public.transactions
language sql
stable
parallel safe
as $$
  with
    candidates as materialized (
      select t.longitude, t.latitude
      from app_public.transactions as t
      where t.location operator(pg_catalog.<@) app_public.bounding_box($1, $2, radius_m)
        and (property_types is null or t.property_type = any (property_types))
        and (sold_from is null or t.sold_on >= sold_from)
        and (sold_to is null or t.sold_on <= sold_to)
      order by t.location operator(pg_catalog.<->) pg_catalog.point($1, $2)
      limit greatest(0, least(maximum, 1000))
    ),
    reach as materialized (
      -- Fewer candidates than asked for: there are no others within the radius.
      select case
        when pg_catalog.count(*) < least(maximum, 1000) then radius_m
        else least(radius_m, pg_catalog.max(app_public.distance_m($1, $2, c.longitude, c.latitude)) + 0.001)
      end as metres
      from candidates as c
    )
  select t.*
  from reach as r
  join app_public.transactions as t
    on t.location operator(pg_catalog.<@) app_public.bounding_box($1, $2, r.metres)
  where app_public.distance_m($1, $2, t.longitude, t.latitude) <= r.metres
    and (property_types is null or t.property_type = any (property_types))
    and (sold_from is null or t.sold_on >= sold_from)
    and (sold_to is null or t.sold_on <= sold_to)
  order by app_public.distance_m($1, $2, t.longitude, t.latitude), t.id
  limit greatest(0, least(maximum, 1000))
$$;

comment on function app_public.nearest_transactions is $$
The sales nearest to a point, nearest first, by great-circle distance.

`longitude`, `latitude`: degrees east and north (WGS 84). At most `maximum` of them (100 unless said, never more than
1000) and none beyond `radius_m` metres (10 000 unless said). Kinds and days of sale limit what counts; days included.
transactions_distance_m tells how far a sale is.

    select sold_on, price_eur from nearest_transactions(2.3488, 48.8534, maximum => 10);
$$;

grant execute on function app_public.nearest_transactions to app_analyst;
