-- requires: sql/functions/app_private/market_figures.sql
-- Reads nothing that an import locks, since the loading transaction waits for this one, and leaves it its core.

create function app_private.prepare_market_figures(release integer)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set max_parallel_workers_per_gather = 0
as $$
begin
  execute format('insert into app_private.%I select f.* from app_private.market_figures(null, $1) as f',
    'market_figures_' || release) using release;
end
$$;

comment on function app_private.prepare_market_figures(integer) is $$
Computes the market statistics that an empty ledger will have once it holds a release's candidates, beside the
connection that loads them; app_private.fill_market_stats takes them over.

Call app_private.claim_market_figures first, in the same transaction.
$$;
