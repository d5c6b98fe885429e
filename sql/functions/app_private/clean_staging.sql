create function app_private.clean_staging(run integer, params jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  days integer := coalesce((params ->> 'days')::integer, 30);
begin
  return app_public.cleanup_old_data(days) || app_private.prune_scraping(now() - make_interval(days => days));
end
$$;

comment on function app_private.clean_staging(integer, jsonb) is $$
Stage: cleanup_old_data and prune_scraping, with `days` (30).

PC400: days is below 1.
$$;
