-- requires: sql/functions/app_private/legacy_query.sql
-- requires: sql/functions/app_public/begin_session.sql
-- requires: sql/functions/app_public/finish_session.sql
-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.migrate_pulled_properties_to_live()
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set datestyle = 'ISO'
as $$
declare
  query text := app_private.legacy_query();
  fields text;
  session app_public.scrape_sessions;
  table_rows integer;
  leaf text;
  report jsonb;
begin
  if exists (select from app_private.legacy_settings as s where s.retired_at is not null) then
    raise exception 'pulled_properties has been retired'
      using errcode = 'PC409', hint = 'Stage what is new in it with: parcelle stage FILE';
  end if;
  execute 'select count(*) from public.pulled_properties' into table_rows;
  session := app_public.begin_session(
    'legacy', 'pulled_properties', 'public.pulled_properties', is_complete => true, expected_rows => table_rows
  );
  leaf := app_private.open_staging_partition(session.staging_bucket, session.staging_bucket >= 0);
  select string_agg(quote_ident(f), ', ') into fields from unnest(app_private.staged_fields()) as f;
  execute format(
    'insert into %1$s (session_id, bucket, %2$s, payload, scraped_at)
     select $1, $2, %3$s, q.payload, coalesce(q.scraped_at, now())
     from (%4$s) as q
     order by q.scraped_at nulls first, q.row_order nulls first',
    leaf, fields,
    (select string_agg(format('q.%I', f), ', ') from unnest(app_private.staged_fields()) as f),
    query
  ) using session.id, session.staging_bucket;
  if session.staging_bucket < 0 then
    perform app_private.attach_staging_partition(session.staging_bucket);
  end if;
  session := app_public.finish_session(session.id);
  report := to_jsonb(app_public.sync_session(session.id));

  return jsonb_build_object(
    'session_id', session.id,
    'status', report -> 'status',
    'held_reasons', report -> 'held_reasons',
    'table_rows', table_rows,
    'staged', session.staged_count,
    'mapped', (
      select coalesce(jsonb_object_agg(c.column_name, c.meant), '{}')
      from app_private.legacy_columns() as c
      where c.meant = any (app_private.staged_fields()) or c.meant = 'scraped_at'
    ),
    'payload', (
      select coalesce(jsonb_agg(c.column_name), '[]')
      from app_private.legacy_columns() as c
      where c.meant is null or c.meant <> all (app_private.staged_fields())
    ),
    'duplicates', (select m.duplicate_count from app_public.sync_metadata as m where m.session_id = session.id),
    'new', report -> 'new_count',
    'updated', report -> 'updated_count',
    'unchanged', report -> 'unchanged_count',
    'removed', report -> 'removed_count',
    'quarantined', report -> 'quarantined_count'
  );
end
$$;

comment on function app_public.migrate_pulled_properties_to_live() is $$
Brings the table pulled_properties of an older tool into the live homes, through staging and sync like any source's
report, and says what went where. The table itself is not touched.

Its columns are recognised by name (`mapped`; parcelle legacy status lists them beforehand), others are kept in the
payload of the staged rows (`payload`). Rows of one key are one home, as the one pulled last says (`duplicates`); rows
that fail a rule of severity error wait in quarantine (`quarantined`). Run again it changes nothing but what has
changed in the table.

    select migrate_pulled_properties_to_live() -> 'new';  -- 2881

PC404: there is no such table in schema public. PC409: it has been retired, or source legacy is paused.
$$;

grant execute on function app_public.migrate_pulled_properties_to_live() to app_analyst;
