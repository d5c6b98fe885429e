-- requires: sql/functions/app_private/request_host_state.sql

create function app_private.look_at_request_host(wanted text)
returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select app_private.request_host_state(h) from app_private.request_hosts as h where h.host = wanted
$$;

comment on function app_private.look_at_request_host(text) is $$
How a host is doing this moment: see request_host_state. Asked right before a request goes, so that a rest that another
worker was asked for is kept by all.
$$;
