create view app_public.scraping_jobs with (security_invoker) as
select
  coalesce(t.pipeline, 'scrape') as dag_id,
  coalesce(t.run_id::text, s.id::text) as dag_run_id,
  s.id as session_id,
  o.code as source,
  coalesce(s.staged_count, s.item_count) as items_scraped,
  -- What was seen twice, held back or never asked for is nothing that failed.
  coalesce(s.unkeyed_count, 0) + coalesce((
    select sum((e.value ->> 'failed_count')::integer)::integer
    from jsonb_array_elements(s.errors) as e
    where e.value ->> 'failed_count' ~ '^\d{1,9}$'
  ), 0) as items_failed,
  case
    when s.status in ('failed', 'cancelled', 'undone') then 'failed'
    when s.status = 'held' then 'held'
    when s.finished_at is null then 'running'
    else 'success'
  end as status,
  s.started_at,
  s.finished_at as completed_at
from app_public.scrape_sessions as s
join app_public.sources as o on o.id = s.source_id
left join lateral (
  select r.pipeline, r.id as run_id
  from app_public.pipeline_tasks as t
  join app_public.pipeline_runs as r on r.id = t.run_id
  where t.id = case when s.parameters ->> 'task_id' ~ '^\d{1,18}$' then (s.parameters ->> 'task_id')::bigint end
) as t on true
where s.kind = 'report';

comment on view app_public.scraping_jobs is $$
Sessions with the run that filled them, under the names older documents use.

    select source, status, items_scraped from scraping_jobs order by started_at desc limit 5;
$$;
comment on column app_public.scraping_jobs.dag_id is
  'The pipeline that filled it; `scrape` where it was filled outside of a pipeline.';
comment on column app_public.scraping_jobs.dag_run_id is 'The run; the session where there is none.';
comment on column app_public.scraping_jobs.session_id is 'The session.';
comment on column app_public.scraping_jobs.source is 'Code of its source.';
comment on column app_public.scraping_jobs.items_scraped is 'Rows staged; so far, while it is being filled.';
comment on column app_public.scraping_jobs.items_failed is
  'Pages that could not be read in three tries, and rows that could not be read or say not which home they mean.';
comment on column app_public.scraping_jobs.status is
  'running, success (filled), held, or failed (failed, cancelled or undone).';
comment on column app_public.scraping_jobs.started_at is 'When its filling began.';
comment on column app_public.scraping_jobs.completed_at is 'When its filling ended.';

grant select on app_public.scraping_jobs to app_analyst;
