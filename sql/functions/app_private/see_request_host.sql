-- requires: sql/functions/app_private/request_host_state.sql
-- requires: sql/functions/app_private/request_interval.sql

create function app_private.see_request_host(wanted text, asked double precision default null)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  seen app_private.request_hosts;
begin
  select h.* into seen from app_private.request_hosts as h where h.host = wanted;
  if not found then
    insert into app_private.request_hosts (host) values (wanted) on conflict do nothing;
    select h.* into seen from app_private.request_hosts as h where h.host = wanted;
  end if;
  return app_private.request_host_state(seen) || jsonb_build_object(
    'interval', app_private.request_interval(wanted, asked),
    'robots', case when seen.robots_expires_at > clock_timestamp() then jsonb_build_object(
      'status', seen.robots_status, 'text', seen.robots_text,
      'expires', extract(epoch from seen.robots_expires_at) * 1000
    ) end
  );
end
$$;

comment on function app_private.see_request_host(text, double precision) is $$
How a host is doing (request_host_state), the seconds between requests to it (interval, null: no rate), and its
robots.txt as it was read in the last day (robots; null: it has to be read).
$$;
