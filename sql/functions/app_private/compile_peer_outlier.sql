-- The first half lets nearly every row go with two multiplications: where all peers agree a twentieth of the median stands
-- in for their spread, so no row nearer to the median than that can be an outlier.

create function app_private.compile_peer_outlier(config jsonb)
returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
  select format(
    'peers.price_per_m2_count >= %1$s
     and (r.price_eur > peers.price_per_m2_median * r.surface_m2 * %2$s
       or r.price_eur * %2$s < peers.price_per_m2_median * r.surface_m2)
     and r.price_per_m2 > 0
     and (greatest(r.price_per_m2 / peers.price_per_m2_median, peers.price_per_m2_median / r.price_per_m2) - 1)
       * peers.price_per_m2_median
       > %3$s * 1.4826 * greatest(peers.price_per_m2_mad, peers.price_per_m2_median / 20)',
    coalesce((config ->> 'min_count')::integer, 20),
    round(1 + (config ->> 'max_deviations')::numeric * 1.4826 / 20, 4),
    (config ->> 'max_deviations')::numeric
  )
$$;

comment on function app_private.compile_peer_outlier(jsonb) is $$
The condition under which the price per m² of a row, called r, is too far from that of its peers.

Too high is told in median deviations (times 1.4826, which makes them standard deviations where prices are normal), too
low by ratio: a tenth of the median is as wrong as ten times the median.
$$;
