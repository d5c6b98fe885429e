create type app_public.scraping_stats as (
  jobs_total bigint,
  jobs_running bigint,
  jobs_successful bigint,
  jobs_failed bigint,
  success_rate numeric,
  prospects_total bigint,
  prospects_new bigint,
  prospects_processed bigint,
  processing_rate numeric
);
comment on type app_public.scraping_stats is 'How the intake is doing, in a few figures.';
comment on column app_public.scraping_stats.jobs_total is 'Sessions in all.';
comment on column app_public.scraping_stats.jobs_running is 'Sessions being filled or synced.';
comment on column app_public.scraping_stats.jobs_successful is 'Sessions applied.';
comment on column app_public.scraping_stats.jobs_failed is 'Sessions that failed or were called off.';
comment on column app_public.scraping_stats.success_rate is 'Share of those applied among those applied and failed.';
comment on column app_public.scraping_stats.prospects_total is 'Rows staged in all.';
comment on column app_public.scraping_stats.prospects_new is 'Rows whose session waits to be filled or synced.';
comment on column app_public.scraping_stats.prospects_processed is 'Rows whose session was applied, failed or was called off.';
comment on column app_public.scraping_stats.processing_rate is 'Share of those processed among all.';
