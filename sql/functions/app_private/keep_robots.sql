create function app_private.keep_robots(
  wanted text, status integer, body text, crawl_delay double precision, hold_seconds double precision
)
returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
  update app_private.request_hosts as h
  set
    robots_status = status, robots_text = body, crawl_delay_seconds = crawl_delay,
    robots_expires_at = clock_timestamp() + make_interval(secs => hold_seconds)
  where h.host = wanted
$$;

comment on function app_private.keep_robots(text, integer, text, double precision, double precision) is $$
Keeps what a host's robots.txt said, for all workers, for so many seconds. Status 0: it could not be reached.
$$;
