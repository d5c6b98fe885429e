-- requires: sql/functions/app_private/session_rows_filter.sql

create function app_private.quarantine_rows(session uuid)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  this app_public.scrape_sessions;
  filter text;
  kept integer;
begin
  select s.* into this from app_public.scrape_sessions as s where s.id = quarantine_rows.session;
  filter := app_private.session_rows_filter(this);
  -- Every home the session speaks of again stops waiting: it came in good order, or its new row waits now.
  if exists (select from app_public.quarantined_rows as q where q.source_id = this.source_id and q.released_at is null) then
    execute format(
      'update app_public.quarantined_rows as q
       set released_at = clock_timestamp(), released_by_session_id = $1
       where q.source_id = $2 and q.released_at is null and q.session_id <> $1 and exists (
         select from app_public.property_scrapes_staging as s where s.source_key = q.source_key and %s
       )', filter
    ) using this.id, this.source_id;
  end if;
  execute format(
    'insert into app_public.quarantined_rows (session_id, source_id, staged_id, source_key, staged_row, rule_ids)
     select $1, $2, s.id, s.source_key, to_jsonb(s) - ''{id,bucket,session_id,raw_fingerprint}''::text[], f.rule_ids
     from (
       select e.staged_id, array_agg(e.rule_id order by e.rule_id) as rule_ids, bool_or(e.source_key is not null) as has_key
       from app_public.validation_failures as e
       where e.session_id = $1 and e.severity >= ''error'' and not e.is_inherited and e.staged_id is not null
       group by e.staged_id
     ) as f
     join app_public.property_scrapes_staging as s on s.id = f.staged_id
     where %s and (
       not f.has_key
       or exists (
         select from app_public.staged_properties as p
         where p.staged_id = f.staged_id and p.session_id = $1 and p.is_quarantined
       )
     )', filter
  ) using this.id, this.source_id;
  get diagnostics kept = row_count;
  return kept;
end
$$;

comment on function app_private.quarantine_rows(uuid) is $$
Keeps the rows of a session that may not go live, as the source wrote them, with the rules they failed: those of severity
error or blocker. Homes that waited before and that the session speaks of again are released. How many rows are kept.
$$;
