-- requires: sql/functions/app_private/key_expression.sql

create function app_private.insert_staged_rows(session app_public.scrape_sessions, rows jsonb)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  fields text[] := app_private.staged_fields();
  key text := app_private.key_expression(
    'r', 'r.element ? ''source_key''', 'r.element ? ''property_url''', app_private.key_columns(session.source_id)
  );
  staged integer;
begin
  execute format(
    'with elements as (
       select e.element, e.ordinal, jsonb_typeof(e.element) = ''object'' as is_object,
         -- A list or an object under a known name is no text of that field: it stays what it is, in the payload.
         case when e.element @? ''strict $.* ? (@.type() == "object" || @.type() == "array")'' then array(
           select k.key from jsonb_each(e.element) as k where jsonb_typeof(k.value) in (''object'', ''array'')
         ) else ''{}'' end as nested,
         case when pg_input_is_valid(e.element ->> ''scraped_at'', ''timestamptz'')
           then (e.element ->> ''scraped_at'')::timestamptz end as seen_at
       from jsonb_array_elements($1) with ordinality as e (element, ordinal)
     ),
     read as (
       select e.ordinal, e.element, e.seen_at, f.*,
         case
           when not e.is_object then jsonb_build_object(''raw'', e.element, ''reason'', ''not_an_object'')
           else nullif(
             e.element
               - case when e.nested = ''{}'' then $2 else array(select unnest($2) except select unnest(e.nested)) end
               - case when e.seen_at is null then '''' else ''scraped_at'' end,
             ''{}''
           )
         end as payload
       from elements as e
       left join lateral jsonb_to_record(case when e.is_object then e.element - e.nested end) as f (%2$s) on true
     )
     insert into %1$s (session_id, bucket, %3$s, payload, scraped_at)
     select $3, $4, %4$s, r.payload, coalesce(r.seen_at, now())
     from read as r
     order by r.ordinal',
    app_private.open_staging_partition(session.staging_bucket),
    (select string_agg(format('%I text', f), ', ') from unnest(fields) as f),
    (select string_agg(quote_ident(f), ', ') from unnest(fields) as f),
    (select string_agg(case f when 'source_key' then key else format('r.%I', f) end, ', ') from unnest(fields) as f)
  ) using rows, fields, session.id, session.staging_bucket;
  get diagnostics staged = row_count;
  return staged;
end
$$;

comment on function app_private.insert_staged_rows(app_public.scrape_sessions, jsonb) is $$
Stages the elements of a list as rows of a session; how many there are. See stage_properties.
$$;
