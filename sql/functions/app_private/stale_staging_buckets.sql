create function app_private.stale_staging_buckets(before timestamptz)
returns integer[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(array_agg(b.bucket order by b.bucket), '{}')
  from (
    select case
        when c.relname like '%\_session\_%' then -split_part(c.relname, '_session_', 2)::integer
        else to_date(right(c.relname, 8), 'YYYYMMDD') - date '2000-01-01'
      end as bucket
    from pg_inherits as i
    join pg_class as c on c.oid = i.inhrelid
    where i.inhparent = 'app_public.property_scrapes_staging'::regclass
      and c.relname ~ '^property_scrapes_staging_(session_\d+|\d{8})$'
  ) as b
  where (b.bucket < 0 or date '2000-01-01' + b.bucket < before::date)
    and not exists (
      select from app_public.scrape_sessions as s
      where s.staging_bucket = b.bucket
        and (
          s.status in ('queued', 'running', 'held')
          or coalesce(s.applied_at, s.decided_at, s.finished_at, s.queued_at) >= before
        )
    )
$$;

comment on function app_private.stale_staging_buckets(timestamptz) is $$
The buckets of staging in which every session was decided before an instant.
$$;
