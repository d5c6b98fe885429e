-- Security definer: it looks at the older table, which belongs to whoever made it; only operators may ask.

create function app_public.legacy_status()
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  table_rows integer;
begin
  if to_regclass('public.pulled_properties') is not null then
    execute 'select count(*) from public.pulled_properties' into table_rows;
  end if;
  return (
    select jsonb_build_object(
      'table_rows', table_rows,
      'reads_from', case when app_private.reads_pulled() then 'pulled' else 'live' end,
      'decided_by', s.decided_by,
      'decided_at', s.decided_at,
      'retired_at', s.retired_at,
      'columns', (select jsonb_object_agg(c.column_name, coalesce(c.meant, 'payload')) from app_private.legacy_columns() as c),
      'last_migration', (
        select jsonb_build_object('session_id', m.id, 'status', m.status, 'staged', m.staged_count, 'at', m.queued_at)
        from app_public.scrape_sessions as m
        join app_public.sources as r on r.id = m.source_id and r.code = 'legacy'
        order by m.session_no desc
        limit 1
      ),
      'live_homes', (
        select count(*)
        from app_public.properties_live as l
        join app_public.sources as r on r.id = l.source_id and r.code = 'legacy'
        where l.status <> 'removed'
      ),
      'paused_sources', (
        select coalesce(jsonb_agg(r.code order by r.code), '[]') from app_public.sources as r where r.paused_at is not null
      )
    )
    from app_private.legacy_settings as s
  );
end
$$;

comment on function app_public.legacy_status() is $$
Where the way from the older table pulled_properties to the live homes stands: its rows and what its columns are taken
for (null without the table), what readers of properties_current see, the last migration, who switched when.

    select legacy_status() ->> 'reads_from';  -- pulled
$$;

grant execute on function app_public.legacy_status() to app_analyst;
