-- requires: sql/functions/app_private/refresh_market_view.sql

create function app_private.refresh_market_views(already text[] default '{}')
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  perform app_private.refresh_market_view(v.name)
  from unnest('{market_changes,market_rankings,market_seasonality}'::text[]) as v (name)
  where v.name <> all (already);
  update app_public.dvf_releases as r
  set views_refreshed_at = clock_timestamp()
  where r.status = 'applied' and r.views_refreshed_at is null;
end
$$;

comment on function app_private.refresh_market_views(text[]) is $$
Refreshes the materialized views over market statistics, but for those that the caller has seen to `already`; readers
go on seeing the former rows meanwhile.

Call it after the import has committed: it takes its time, and holds no lock of the ledger. Until it has run, the
release that was applied or uncovered last says so (dvf_releases.views_refreshed_at is null), so that a refresh which
a crash broke off is made up for by the next import.
$$;
