-- requires: sql/functions/app_private/source_host.sql

create function app_private.request_interval(wanted text, asked double precision)
returns double precision
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  -- The most patient of all who ask this host: together they must not be too much for it.
  select max(i.seconds)
  from (
    select asked as seconds
    union all
    select h.crawl_delay_seconds from app_private.request_hosts as h where h.host = wanted
    union all
    select 1 / greatest(coalesce((s.config ->> 'requests_per_second')::double precision, 1), 0.001)
    from app_public.sources as s
    where app_private.source_host(s.base_url) = wanted
      and not (s.is_local and s.config -> 'requests_per_second' = 'null')
      and jsonb_typeof(coalesce(s.config -> 'requests_per_second', 'null')) in ('number', 'null')
  ) as i
$$;

comment on function app_private.request_interval(text, double precision) is $$
Seconds between two requests to a host: the longest that its robots.txt, the sources on it, or the caller ask for. Null
when nobody asks for any: only sources on this machine may do without a rate.
$$;
