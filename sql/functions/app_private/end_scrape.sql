-- requires: sql/functions/app_private/scrape_findings.sql
-- requires: sql/functions/app_private/scrape_failure.sql
-- requires: sql/functions/app_private/drop_repeated_rows.sql

create function app_private.end_scrape(session uuid, token bigint, stopped jsonb default null)
returns app_public.scrape_sessions
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  lease app_private.scrape_leases := app_private.held_lease(session, token);
  filled app_public.scrape_sessions := app_private.fillable_session(session);
  is_blocked boolean := coalesce(stopped ->> 'reason' in ('challenge', 'login'), false);
  is_broken boolean := not coalesce(stopped ->> 'reason' in ('challenge', 'login', 'budget'), true);
  findings jsonb;
  failure jsonb;
  repeated integer;
begin
  if is_broken then
    failure := stopped;
  elsif stopped is not null then
    update app_public.scrape_items as i
    set status = 'skipped', error = stopped, finished_at = clock_timestamp(), retry_at = null
    where i.session_id = session and i.status in ('waiting', 'running');
  elsif exists (
    select from app_public.scrape_items as i where i.session_id = session and i.status in ('waiting', 'running')
  ) then
    raise exception 'session % has items that wait', session
      using errcode = 'PC409', hint = 'Work them off, or say why it was stopped.';
  end if;
  repeated := app_private.drop_repeated_rows(filled);
  findings := app_private.scrape_findings(filled, case when not is_broken then stopped end);
  if repeated > 0 then
    findings := findings || jsonb_build_object('reason', 'repeated_row', 'count', repeated);
  end if;
  if not is_blocked then
    failure := coalesce(failure, app_private.scrape_failure(filled));
    findings := findings || coalesce(failure, '[]');
  end if;
  update app_public.scrape_sessions as s
  set errors = s.errors || findings
  where s.id = session;
  filled := app_public.finish_session(
    session,
    filled.parameters ->> 'tier' in ('full', 'manifest')
      -- A page or a file is what somebody chose to show, not all there is.
      and not filled.parameters ?| '{url,file}'
      and not exists (
        select from jsonb_array_elements(findings) as f (finding)
        where f.finding ->> 'reason' <> 'repeated_row'
      )
  );
  if failure is not null then
    update app_public.scrape_sessions as s
    set status = 'failed', decided_at = clock_timestamp()
    where s.id = session
    returning s.* into filled;
  elsif is_blocked then
    update app_public.scrape_sessions as s
    set
      status = 'held',
      held_reasons = jsonb_build_array(app_private.held_reason('blocked',
        format('the source showed %s: what was read before that is not applied unseen',
          case stopped ->> 'reason' when 'login' then 'a login wall' else 'a challenge page' end),
        null, null, null, null))
    where s.id = session
    returning s.* into filled;
  end if;
  update app_private.scrape_leases as l set holder = null where l.session_id = session;
  return filled;
end
$$;

comment on function app_private.end_scrape(uuid, bigint, jsonb) is $$
Ends a scrape and decides what its session is called.

It is complete when everything it set out to read was read and nothing was held back: then what it did not see is
missing. Failed, capped or skipped items, fewer homes than the source announced, or a page to begin with make it partial,
each named among its errors. It has failed when nothing of what was to bring homes could be read (scrape_failure); its
last error says why in a sentence. `stopped` says why it ended early: budget; challenge and login, which block it: the
session is held and nothing is applied unless somebody accepts it; anything else (it cannot be planned) fails it.

    select status, is_complete from app_private.end_scrape('8a1f…', 1);  -- queued, true

PC409: the token is an old one, or items still wait.
$$;
