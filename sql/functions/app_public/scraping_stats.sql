create function app_public.scraping_stats()
returns app_public.scraping_stats
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  with
    jobs as (
      select
        count(*) as total,
        count(*) filter (where s.status = 'running' or s.status = 'queued' and s.finished_at is null) as running,
        count(*) filter (where s.status = 'completed') as successful,
        count(*) filter (where s.status in ('failed', 'cancelled')) as failed
      from app_public.scrape_sessions as s
      where s.kind = 'report'
    ),
    prospects as (
      select
        coalesce(sum(n.row_count), 0) as total,
        coalesce(sum(n.row_count) filter (where n.status = 'queued'), 0) as new,
        coalesce(sum(n.row_count) filter (where n.status not in ('queued', 'running', 'held')), 0) as processed
      from (
        select s.status, coalesce(s.staged_count, s.item_count)::bigint as row_count
        from app_public.scrape_sessions as s
        where s.kind = 'report'
      ) as n
    )
  select
    j.total, j.running, j.successful, j.failed,
    round(j.successful::numeric / nullif(j.successful + j.failed, 0), 4),
    p.total, p.new, p.processed,
    round(p.processed::numeric / nullif(p.total, 0), 4)
  from jobs as j
  cross join prospects as p
$$;

comment on function app_public.scraping_stats() is $$
How the intake is doing: sessions in all, being filled or synced, applied and failed or called off, and the share of
those ended that were applied; rows staged in all, those whose session still waits, those whose session was decided, and
their share. Null shares where there is nothing to share.

    select jobs_total, success_rate from scraping_stats();  -- 20, 0.8500
$$;

grant execute on function app_public.scraping_stats() to app_analyst;
