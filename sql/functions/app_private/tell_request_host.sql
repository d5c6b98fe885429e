-- requires: sql/functions/app_private/request_host_state.sql

create function app_private.tell_request_host(
  wanted text, outcome text, rest_seconds double precision default null, is_probe boolean default false,
  circuit_seconds double precision default 30
)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  present timestamptz := clock_timestamp();
  told app_private.request_hosts;
begin
  case outcome
    when 'fine' then
      update app_private.request_hosts as h
      set
        failure_count = 0, rest_count = 0, circuit_opened_at = null, circuit_open_count = 0, probe_at = null,
        has_probe = false, resumes_at = case when h.resumes_at > present then h.resumes_at end
      where h.host = wanted
      returning h.* into told;
    when 'rest' then
      update app_private.request_hosts as h
      set
        resumes_at = greatest(h.resumes_at, present + make_interval(
          -- Rounded up: the host counts its seconds from when it answered, and knows only whole ones.
          secs => coalesce(rest_seconds + 0.05, least(300, 5 * power(2, least(h.rest_count, 10)))))),
        rest_count = least(h.rest_count + 1, 1000)
      where h.host = wanted
      returning h.* into told;
    when 'failed' then
      update app_private.request_hosts as h
      set
        failure_count = h.failure_count + 1,
        circuit_opened_at = case
          when h.circuit_opened_at is not null or h.failure_count + 1 >= 5 then coalesce(h.circuit_opened_at, present)
        end,
        circuit_open_count = case
          when h.circuit_opened_at is null and h.failure_count + 1 >= 5 or is_probe then h.circuit_open_count + 1
          else h.circuit_open_count
        end,
        probe_at = case
          when h.circuit_opened_at is null and h.failure_count + 1 >= 5 or is_probe
            then present + make_interval(
              secs => least(600, tell_request_host.circuit_seconds * power(2, least(h.circuit_open_count, 10))))
          else h.probe_at
        end,
        has_probe = h.has_probe and not is_probe
      where h.host = wanted
      returning h.* into told;
  end case;
  return app_private.request_host_state(told);
end
$$;

comment on function app_private.tell_request_host(text, text, double precision, boolean, double precision) is $$
Says what a host answered: fine; rest, it wants to be left alone (for rest_seconds; unsaid, 5 s and twice as long each
time); failed, no answer or 5xx. How it is doing now.

Five failures in a row open the circuit: nobody asks it for circuit_seconds, then one probe goes; a probe that fails
doubles the wait, up to ten minutes, and any answer closes the circuit.
$$;
