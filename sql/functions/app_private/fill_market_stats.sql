-- requires: sql/functions/app_private/market_figures.sql
-- A bulk load like that of the ledger itself: a table truncated in the same transaction needs no write-ahead log of
-- its rows where wal_level is minimal, and an index built at the end is built by sorting once.

create function app_private.fill_market_stats(first_release integer default null)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set default_statistics_target = 30
as $$
declare
  written integer;
  aside text := 'market_figures_' || first_release;
  is_ready boolean := false;
begin
  if to_regclass('app_private.' || aside) is not null then
    -- Held by app_private.prepare_market_figures where that is under way.
    execute format('lock table app_private.%I in access share mode', aside);
    execute format('select exists (select from app_private.%I)', aside) into is_ready;
  end if;

  truncate app_public.market_stats;
  alter table app_public.market_stats drop constraint market_stats_pkey;
  if is_ready then
    execute format('insert into app_public.market_stats select f.* from app_private.%I as f', aside);
  else
    insert into app_public.market_stats
    select f.* from app_private.market_figures() as f;
  end if;
  get diagnostics written = row_count;
  alter table app_public.market_stats add constraint market_stats_pkey
    primary key (area_level, area_code, property_type, nature, period_kind, period_start);
  analyze app_public.market_stats;
  return written;
end
$$;

comment on function app_private.fill_market_stats(integer) is $$
Fills an empty `market_stats` with every group of the ledger and gives their number.

Where the ledger holds nothing but `first_release`, the figures that app_private.prepare_market_figures computed
beside its loading are taken over.

Readers of the table wait until the transaction ends; one that holds figures already is brought up to date by
app_private.recompute_market_cells.
$$;
