-- requires: sql/functions/app_private/recompute_market_cells.sql

create function app_private.recompute_all_market_stats()
returns integer
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
  select app_private.recompute_market_cells(null)
$$;

comment on function app_private.recompute_all_market_stats() is $$
Brings every group of `market_stats` in line with the ledger and gives the number of groups written.

For repairs; an import recomputes only what it touched.
$$;
