create function app_private.live_base(source smallint)
returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
  select format(
    'select l.id as row_id, l.*, null::jsonb as unreadable, l.id as property_id
     from app_public.properties_live as l where l.source_id = %s and l.status <> ''removed''',
    source
  )
$$;

comment on function app_private.live_base(smallint) is $$
The query that gives a source's live homes to the rules, gone ones left out.
$$;
