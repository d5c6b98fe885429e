create function app_private.claim_scrape(session uuid, holder text, lease_seconds numeric default 15)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  filled app_public.scrape_sessions;
  lease app_private.scrape_leases;
  source app_public.sources;
begin
  select l.* into lease from app_private.scrape_leases as l where l.session_id = session for update;
  if not found then
    raise exception 'session % is not filled by a scrape', session
      using errcode = 'PC404', hint = 'List the sessions with: parcelle list-sessions';
  end if;
  filled := app_private.fillable_session(session);
  select s.* into source from app_public.sources as s where s.id = filled.source_id;
  if source.paused_at is not null or not source.is_enabled then
    raise exception 'source % is %', source.code, case when source.is_enabled then 'paused' else 'disabled' end
      using errcode = 'PC409', hint = 'Resume it with: parcelle sources resume ' || source.code;
  end if;
  if lease.holder is not null and lease.renewed_at > clock_timestamp() - make_interval(secs => lease_seconds) then
    raise exception 'session % is being scraped by %', session, lease.holder
      using errcode = 'PC409', hint = 'Wait until it ends, or stop that process.';
  end if;
  update app_private.scrape_leases as l
  set token = l.token + 1, holder = claim_scrape.holder, renewed_at = clock_timestamp()
  where l.session_id = session
  returning l.* into lease;
  -- What the last holder had in hand is nobody's.
  update app_public.scrape_items as i
  set status = 'waiting'
  where i.session_id = session and i.status = 'running';

  return jsonb_build_object(
    'token', lease.token,
    'session_no', filled.session_no,
    'is_planned', lease.is_planned,
    'request_count', lease.request_count,
    'source', jsonb_build_object(
      'code', source.code, 'kind', source.kind, 'base_url', source.base_url, 'is_local', source.is_local,
      'config', source.config
    ),
    'parameters', filled.parameters,
    'city', (
      select jsonb_build_object(
        'inseeCode', c.insee_code, 'name', c.name,
        'postalCode', coalesce(filled.parameters ->> 'postal_code', p.postal_code),
        'longitude', coalesce(o.longitude, t.longitude, (b.west + b.east) / 2),
        'latitude', coalesce(o.latitude, t.latitude, (b.south + b.north) / 2),
        'bbox', case when o.west is not null then jsonb_build_array(o.west, o.south, o.east, o.north) end
      )
      from app_public.cities as c
      left join app_public.city_outlines as o on o.insee_code = c.insee_code
      left join app_public.department_boxes as b on b.department_code = c.department_code
      left join lateral (
        select min(k.postal_code) as postal_code
        from app_public.city_postal_codes as k
        where k.insee_code = c.insee_code
      ) as p on true
      left join lateral (
        select avg(s.longitude) as longitude, avg(s.latitude) as latitude
        from (
          select a.longitude, a.latitude from app_public.transactions as a
          where o.insee_code is null and a.insee_code = c.insee_code and a.longitude is not null and a.latitude is not null limit 200
        ) as s
      ) as t on true
      where c.insee_code = filled.parameters ->> 'insee_code'
    )
  );
end
$$;

comment on function app_private.claim_scrape(uuid, text, numeric) is $$
Takes the scrape of a session in hand: a token for every write, the source, and what was asked. The city has its centre
and box as its outline was drawn, however long ago; else its centre is that of its sales, else that of its département.

A holder that has not been heard of for `lease_seconds` has lost it; what it had in hand waits again.

    select app_private.claim_scrape('8a1f…', 'host 4711') ->> 'token';  -- 1

PC404: there is no such scrape. PC409: it has ended, its source is paused, or somebody else has it in hand.
$$;
