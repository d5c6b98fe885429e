-- requires: sql/functions/app_private/request_host_state.sql
-- requires: sql/functions/app_private/request_interval.sql
-- A slot is an instant that nobody else gets. Slots lie a little further apart than the rate asks, so that a request
-- that starts at the end of its slot, or is held up on its way, still is not one too many for any second.

create function app_private.take_request_slots(
  wanted text, slot_count integer, asked double precision default null, ahead double precision default 0
)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  seen app_private.request_hosts;
  present timestamptz;
  apart double precision := app_private.request_interval(wanted, asked);
  given integer := greatest(slot_count, 1);
  starts timestamptz;
begin
  select h.* into seen from app_private.request_hosts as h where h.host = wanted for update;
  if not found then
    raise exception 'host % has not been seen', wanted
      using errcode = 'PC500', hint = 'Call see_request_host first.';
  end if;
  present := clock_timestamp();
  if seen.resumes_at > present or seen.circuit_opened_at is not null and seen.probe_at > present then
    return app_private.request_host_state(seen) || '{"slots": []}';
  end if;
  if seen.circuit_opened_at is not null then
    given := 1;
  end if;
  apart := apart + 0.1 * least(apart, 1);
  -- Never far ahead: what is promised cannot be taken back when the host asks for a rest.
  given := least(given, case when apart > 0 then greatest(1, floor(0.5 / apart)::integer) end);
  starts := greatest(seen.next_slot_at, present + make_interval(secs => least(ahead, 5)));
  update app_private.request_hosts as h
  set
    next_slot_at = case when apart is null then h.next_slot_at else starts + make_interval(secs => given * apart) end,
    probe_at = case when h.circuit_opened_at is null then h.probe_at else present + interval '30 seconds' end,
    has_probe = h.circuit_opened_at is not null
  where h.host = wanted;
  return app_private.request_host_state(seen) || jsonb_build_object(
    'probe', null,
    'is_probe', seen.circuit_opened_at is not null,
    'interval', apart,
    'slots', (
      select jsonb_agg((extract(epoch from starts) + n * coalesce(apart, 0)) * 1000 order by n)
      from generate_series(0, given - 1) as n
    )
  );
end
$$;

comment on function app_private.take_request_slots(text, integer, double precision, double precision) is $$
Instants at which the caller may send one request each to a host (slots, milliseconds of the epoch), at most `slot_count`
and over half a second. The first is `ahead` seconds away at least: what the answer takes to reach a caller far off. None
while the host rests or its circuit is open; when it may be tried again one caller gets the probe (is_probe).

PC500: the host has not been seen.
$$;
