-- requires: sql/functions/app_private/recompute_market_cells.sql
-- requires: sql/functions/app_private/touched_market_cells.sql

create function app_private.recompute_market_stats(release integer)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  -- On an empty table every group is new: collecting the cells of every sale would be for nothing.
  if not exists (select from app_public.market_stats) then
    return app_private.fill_market_stats();
  end if;
  return app_private.recompute_market_cells(app_private.touched_market_cells(release));
end
$$;

comment on function app_private.recompute_market_stats(integer) is $$
Recomputes the groups of `market_stats` whose sales a release changed; call it once its changes are recorded.

Gives the number of groups written. Runs in the import's transaction.
$$;
