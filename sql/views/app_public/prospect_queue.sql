create view app_public.prospect_queue with (security_invoker) as
select
  s.id,
  r.code as source,
  s.source_key as source_id,
  s.property_url as url,
  coalesce(s.payload, '{}') || jsonb_strip_nulls(jsonb_build_object(
    'status', s.status, 'title', s.title, 'address', s.address, 'postal_code', s.postal_code, 'city', s.city,
    'insee_code', s.insee_code, 'property_type', s.property_type, 'price', s.price, 'surface', s.surface,
    'land_surface', s.land_surface, 'rooms', s.rooms, 'listed_on', s.listed_on, 'sale_date', s.sale_date,
    'longitude', s.longitude, 'latitude', s.latitude
  )) as payload,
  case
    when n.status in ('failed', 'cancelled', 'undone') or s.source_key is null or q.staged_id is not null then 'failed'
    when n.status = 'queued' then 'new'
    when n.status in ('running', 'held') then 'processing'
    when n.applied_at < scores.measured_at then 'scored'
    else 'enriched'
  end as status,
  s.scraped_at as created_at,
  coalesce(n.applied_at, n.decided_at, n.finished_at, s.scraped_at) as updated_at
from app_public.property_scrapes_staging as s
join app_public.scrape_sessions as n on n.id = s.session_id
join app_public.sources as r on r.id = n.source_id
left join app_public.staged_properties as q
  on q.bucket = s.bucket and q.session_id = s.session_id and q.staged_id = s.id and q.is_quarantined
cross join (
  select max(p.finished_at) as measured_at from app_public.pipeline_runs as p
  where p.pipeline = 'score_master' and p.status = 'succeeded'
) as scores;

comment on view app_public.prospect_queue is $$
Staged rows with what has become of them, under the name older documents use.

    select status, count(*) from prospect_queue group by status;
$$;
comment on column app_public.prospect_queue.id is 'The staged row.';
comment on column app_public.prospect_queue.source is 'Code of the source.';
comment on column app_public.prospect_queue.source_id is 'The home''s name at the source: its source_key.';
comment on column app_public.prospect_queue.url is 'Address of its page.';
comment on column app_public.prospect_queue.payload is
  'What the source said: its fields as they were written, with everything that has no column.';
comment on column app_public.prospect_queue.status is $$
new: its session waits; processing: its session is being synced or held; enriched: it is in the live homes in its normal
form, its commune resolved where it can be told; scored: and score_master has measured its source and fitted the
confidence in its changes since; failed: it is in quarantine, has no key, or its session failed, was cancelled or undone.
$$;
comment on column app_public.prospect_queue.created_at is 'When it was seen.';
comment on column app_public.prospect_queue.updated_at is 'When its session was applied, decided or filled.';

grant select on app_public.prospect_queue to app_analyst;
