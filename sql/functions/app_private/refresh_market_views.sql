-- requires: sql/matviews/app_public/market_changes.sql
-- requires: sql/matviews/app_public/market_rankings.sql
-- requires: sql/matviews/app_public/market_seasonality.sql

create function app_private.refresh_market_views()
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  view_name text;
  is_filled boolean;
begin
  foreach view_name in array '{market_changes,market_rankings,market_seasonality}'::text[] loop
    execute format('select exists (select from app_public.%I)', view_name) into is_filled;
    -- Comparing every row with nothing takes several times as long as writing it, and nobody reads an empty view.
    execute format(
      'refresh materialized view %s app_public.%I',
      case when is_filled then 'concurrently' else '' end,
      view_name
    );
  end loop;
  update app_public.dvf_releases as r
  set views_refreshed_at = clock_timestamp()
  where r.status = 'applied' and r.views_refreshed_at is null;
end
$$;

comment on function app_private.refresh_market_views() is $$
Refreshes the materialized views over market statistics; readers go on seeing the former rows meanwhile.

Call it after the import has committed: it takes its time, and holds no lock of the ledger. Until it has run, the
release that was applied or uncovered last says so (dvf_releases.views_refreshed_at is null), so that a refresh which
a crash broke off is made up for by the next import.
$$;
