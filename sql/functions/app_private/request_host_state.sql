create function app_private.request_host_state(host app_private.request_hosts)
returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select jsonb_build_object(
    'now', extract(epoch from clock_timestamp()) * 1000,
    'resumes', extract(epoch from host.resumes_at) * 1000,
    'probe', case when host.circuit_opened_at is not null then extract(epoch from host.probe_at) * 1000 end,
    'is_probing', host.circuit_opened_at is not null and host.has_probe and host.probe_at > clock_timestamp(),
    'failures', host.failure_count
  )
$$;

comment on function app_private.request_host_state(app_private.request_hosts) is $$
How a host is doing, in milliseconds of its epoch: now; until when it rests (resumes); when it may be tried again
(probe), null while it works; whether somebody is trying (is_probing); failures in a row.
$$;
