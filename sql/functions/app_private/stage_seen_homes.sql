create function app_private.stage_seen_homes(session app_public.scrape_sessions)
returns integer
language plpgsql
volatile
set client_min_messages = warning
-- What was just made has no statistics: a nested loop would read a session's rows once for each home.
set enable_nestloop = off
set search_path = pg_catalog, pg_temp
as $$
declare
  earlier record;
  columns text := (select string_agg(format('s.%I', f), ', ') from unnest(app_private.staged_fields()) as f);
  answer integer;
begin
  drop table if exists pg_temp.seen_homes;
  create temp table seen_homes on commit drop as
  select i.id, i.params ->> 'source_key' as source_key, null::uuid as session_id, null::bigint as raw_fingerprint
  from app_public.scrape_items as i
  where i.session_id = session.id and i.kind = 'home' and i.status = 'skipped' and i.error is null;
  if not exists (select from pg_temp.seen_homes) then
    return 0;
  end if;
  analyze pg_temp.seen_homes;
  perform set_config('enable_nestloop', 'on', true);
  update pg_temp.seen_homes as w
  set session_id = l.session_id, raw_fingerprint = l.raw_fingerprint
  from app_public.properties_live as l
  where l.source_id = session.source_id and l.source_key = w.source_key;
  perform set_config('enable_nestloop', 'off', true);

  -- Session by session: the rows of each lie in a partition that only its literal finds.
  for earlier in
    select n.id, n.staging_bucket
    from app_public.scrape_sessions as n
    where n.id in (select w.session_id from pg_temp.seen_homes as w) and n.staging_bucket is not null
  loop
    execute format(
      'with
         kept as (
           select distinct on (s.source_key) w.id as item_id, s.*
           from app_public.property_scrapes_staging as s
           join pg_temp.seen_homes as w
             on w.source_key = s.source_key and w.session_id = s.session_id and w.raw_fingerprint = s.raw_fingerprint
           where s.session_id = %4$L and s.bucket = %5$s
           order by s.source_key, s.id desc
         ),
         staged as (
           insert into %1$s (session_id, bucket, %2$s, payload)
           select $1, $2, %3$s, s.payload from kept as s
         )
       delete from pg_temp.seen_homes as w using kept as k where k.item_id = w.id',
      app_private.open_staging_partition(session.staging_bucket),
      (select string_agg(quote_ident(f), ', ') from unnest(app_private.staged_fields()) as f),
      columns, earlier.id, earlier.staging_bucket
    ) using session.id, session.staging_bucket;
  end loop;

  -- Those of which no row is kept are read after all.
  update app_public.scrape_items as i
  set status = 'waiting', finished_at = null
  from pg_temp.seen_homes as w
  where i.id = w.id;
  get diagnostics answer = row_count;
  update app_private.scrape_leases as l
  set skipped_count = l.skipped_count - answer
  where l.session_id = session.id;
  return answer;
end
$$;

comment on function app_private.stage_seen_homes(app_public.scrape_sessions) is $$
Stages homes that a scrape saw without reading them anew (their keys stood on pages of results) as they were staged
last, so that they count as seen and nothing about them changes. Those whose last row is no longer kept wait to be read;
how many.
$$;
