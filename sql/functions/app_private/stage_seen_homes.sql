create function app_private.stage_seen_homes(session app_public.scrape_sessions)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  answer integer;
  columns text := (
    select string_agg(format('w.%I', f), ', ') from unnest(app_private.staged_fields()) as f
  );
begin
  if not exists (
    select from app_public.scrape_items as i
    where i.session_id = session.id and i.kind = 'home' and i.status = 'skipped' and i.error is null
  ) then
    return 0;
  end if;
  execute format(
    'insert into %1$s (session_id, bucket, %2$s, payload)
     select $1, $2, %3$s, w.payload
     from (
       select distinct on (s.source_key) s.*
       from app_public.scrape_items as i
       join app_public.properties_live as l on l.source_id = $3 and l.source_key = i.params ->> ''source_key''
       join app_public.scrape_sessions as n on n.id = l.session_id
       join app_public.property_scrapes_staging as s
         on s.session_id = n.id and s.bucket = n.staging_bucket and s.source_key = l.source_key
           and s.raw_fingerprint = l.raw_fingerprint
       where i.session_id = $1 and i.kind = ''home'' and i.status = ''skipped'' and i.error is null
       order by s.source_key, s.id desc
     ) as w',
    app_private.open_staging_partition(session.staging_bucket),
    (select string_agg(quote_ident(f), ', ') from unnest(app_private.staged_fields()) as f),
    columns
  ) using session.id, session.staging_bucket, session.source_id;
  get diagnostics answer = row_count;
  return answer;
end
$$;

comment on function app_private.stage_seen_homes(app_public.scrape_sessions) is $$
Stages homes that a scrape saw without reading them anew (their keys stood on pages of results) as they were staged
last; how many. So they count as seen, and nothing about them changes.
$$;
