-- requires: sql/functions/app_private/fill_market_stats.sql

create function app_private.recompute_all_market_stats()
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  written integer;
begin
  if not exists (select from app_public.market_stats) then
    return app_private.fill_market_stats();
  end if;
  delete from app_public.market_stats;
  insert into app_public.market_stats
  select f.* from app_private.market_figures() as f;
  get diagnostics written = row_count;
  return written;
end
$$;

comment on function app_private.recompute_all_market_stats() is $$
Brings every group of `market_stats` in line with the ledger and gives the number of groups written.

For repairs: an import recomputes only what it touched. Readers go on seeing the figures of before until the
transaction ends.
$$;
