create function app_private.quality_freshness(session app_public.scrape_sessions)
returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select jsonb_build_object(
    'reported_at', coalesce((session).finished_at, (session).started_at, (session).queued_at),
    'applied_at', (session).applied_at,
    'hours', round((extract(epoch from clock_timestamp()
      - coalesce((session).finished_at, (session).started_at, (session).queued_at)) / 3600)::numeric, 2),
    'source_last_applied_at', max(s.applied_at) filter (where s.status = 'completed'),
    'source_hours', round((extract(epoch from clock_timestamp()
      - max(s.applied_at) filter (where s.status = 'completed')) / 3600)::numeric, 2),
    'waiting_count', count(*) filter (where s.status = 'queued' and s.finished_at is not null),
    'held_count', count(*) filter (where s.status = 'held')
  )
  from app_public.scrape_sessions as s
  where s.source_id = (session).source_id and s.kind = 'report'
$$;

comment on function app_private.quality_freshness(app_public.scrape_sessions) is $$
How old what a session says is, when its source was last applied, and what of it waits or is held.
$$;
