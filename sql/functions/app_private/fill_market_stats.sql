-- requires: sql/functions/app_private/market_figures.sql
-- A bulk load like that of the ledger itself: a table truncated in the same transaction needs no write-ahead log of
-- its rows where wal_level is minimal, and an index built at the end is built by sorting once.

create function app_private.fill_market_stats()
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set default_statistics_target = 30
as $$
declare
  written integer;
begin
  truncate app_public.market_stats;
  alter table app_public.market_stats drop constraint market_stats_pkey;
  insert into app_public.market_stats
  select f.* from app_private.market_figures() as f;
  get diagnostics written = row_count;
  alter table app_public.market_stats add constraint market_stats_pkey
    primary key (area_level, area_code, property_type, nature, period_kind, period_start);
  analyze app_public.market_stats;
  return written;
end
$$;

comment on function app_private.fill_market_stats() is $$
Fills an empty `market_stats` with every group of the ledger and gives their number.

Readers of the table wait until the transaction ends; one that holds figures already is brought up to date by
app_private.recompute_market_cells.
$$;
