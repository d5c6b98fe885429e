-- requires: sql/functions/app_private/session_rows_filter.sql

create function app_private.judge_keys(rule app_public.validation_rules, session app_public.scrape_sessions)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  filter text := app_private.session_rows_filter(session);
  counts record := app_private.count_keys(session);
begin
  if rule.rule_type = 'required' and counts.unkeyed_count > 0 then
    execute format(
      'insert into pg_temp.key_failures (row_id, rule_id)
       select s.id, %s from app_public.property_scrapes_staging as s where %s and coalesce(btrim(s.source_key), '''') = ''''',
      rule.id, filter
    );
  elsif rule.rule_type = 'unique' and counts.duplicate_count > 0 then
    execute format(
      'insert into pg_temp.key_failures (row_id, rule_id, source_key, failed_value)
       select c.id, %s, c.source_key, c.source_key
       from (
         select s.id, s.source_key, min(s.raw_fingerprint) over same_key as least, max(s.raw_fingerprint) over same_key as most
         from app_public.property_scrapes_staging as s
         where %s and s.source_key in (
           select s.source_key from app_public.property_scrapes_staging as s
           where %2$s and s.source_key is not null
           group by s.source_key
           having count(*) > 1
         )
         window same_key as (partition by s.source_key)
       ) as c
       where c.least <> c.most',
      rule.id, filter
    );
    -- The row that counts, the last of its key, is marked too.
    insert into pg_temp.rule_failures (row_id, rule_id)
    select max(k.row_id), rule.id from pg_temp.key_failures as k where k.rule_id = rule.id group by k.source_key;
  end if;
end
$$;

comment on function app_private.judge_keys(app_public.validation_rules, app_public.scrape_sessions) is $$
Judges the keys of all rows a session staged: rows without one, or rows that say different things under one key (the
same row shown twice is no contradiction). They go to pg_temp.key_failures.
$$;
