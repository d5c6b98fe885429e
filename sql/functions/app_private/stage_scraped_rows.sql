-- Rows of a scrape are flat and of text, so that they need not be looked at one by one as those that anybody stages.

create function app_private.stage_scraped_rows(session app_public.scrape_sessions, rows jsonb)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  staged integer;
begin
  -- Who speaks of no key leaves it to be made.
  if jsonb_path_exists(rows, '$[*] ? (!exists(@.source_key))') then
    return app_private.insert_staged_rows(session, rows);
  end if;
  execute format(
    'insert into %1$s (session_id, bucket, %2$s, payload)
     select $1, $2, %3$s, r.payload
     from jsonb_to_recordset($3) as r (%4$s, payload jsonb)',
    app_private.open_staging_partition(session.staging_bucket),
    (select string_agg(quote_ident(f), ', ') from unnest(app_private.staged_fields()) as f),
    (
      select string_agg(case f when 'source_key' then 'nullif(btrim(r.source_key), '''')' else format('r.%I', f) end, ', ')
      from unnest(app_private.staged_fields()) as f
    ),
    (select string_agg(format('%I text', f), ', ') from unnest(app_private.staged_fields()) as f)
  ) using session.id, session.staging_bucket, rows;
  get diagnostics staged = row_count;
  return staged;
end
$$;

comment on function app_private.stage_scraped_rows(app_public.scrape_sessions, jsonb) is $$
Stages rows that a scrape found: objects of texts keyed by the columns of property_scrapes_staging, with an object for
`payload`; how many. Where some come without the member source_key their keys are made as stage_properties makes them.
$$;
