create function app_private.refresh_statistics(run integer, params jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  waiting integer := (
    select count(*) from app_public.dvf_releases as r where r.status = 'applied' and r.views_refreshed_at is null
  );
begin
  perform app_private.refresh_market_views();
  return jsonb_build_object(
    'item_count', (select count(*) from app_public.market_stats), 'releases_without_views', waiting,
    'listing_groups', (select count(*) from app_public.listing_stats)
  );
end
$$;

comment on function app_private.refresh_statistics(integer, jsonb) is $$
Stage: refreshes the rankings, changes and seasons of the market from its statistics, which imports and syncs keep
themselves.
$$;
