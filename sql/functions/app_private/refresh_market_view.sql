-- requires: sql/matviews/app_public/market_changes.sql
-- requires: sql/matviews/app_public/market_rankings.sql
-- requires: sql/matviews/app_public/market_seasonality.sql

create function app_private.refresh_market_view(view_name text)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  is_filled boolean;
begin
  execute format('select exists (select from app_public.%I)', view_name) into is_filled;
  -- Comparing every row with nothing takes several times as long as writing it, and nobody reads an empty view.
  execute format(
    'refresh materialized view %s app_public.%I',
    case when is_filled then 'concurrently' else '' end,
    view_name
  );
end
$$;

comment on function app_private.refresh_market_view(text) is $$
Refreshes one materialized view over market statistics; readers go on seeing the former rows meanwhile.

Part of app_private.refresh_market_views, and called beside it so that two views are refreshed at a time.
$$;
