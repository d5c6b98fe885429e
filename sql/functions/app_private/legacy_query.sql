-- requires: sql/functions/app_private/legacy_columns.sql

create function app_private.legacy_query()
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  mapped jsonb;
  parts text[] := '{}';
  seen_at text := 'null::timestamptz';
  fields text;
  used text[];
begin
  if to_regclass('public.pulled_properties') is null then
    raise exception 'there is no table pulled_properties in schema public'
      using errcode = 'PC404', hint = 'Restore the older tool''s table there, or go on without it.';
  end if;
  select jsonb_object_agg(c.meant, c.column_name) into mapped
  from app_private.legacy_columns() as c
  where c.meant is not null;
  mapped := coalesce(mapped, '{}');

  if mapped ? 'source_key' then
    parts := parts || case when mapped ? 'key_space'
      then format('nullif(btrim(t.%1$I::text), '''') || '':'' || nullif(btrim(t.%2$I::text), '''')',
        mapped ->> 'key_space', mapped ->> 'source_key')
    end;
    parts := parts || format('nullif(btrim(t.%I::text), '''')', mapped ->> 'source_key');
  end if;
  if mapped ? 'property_url' then
    parts := parts || format('app_private.page_key(t.%I::text)', mapped ->> 'property_url');
  end if;
  if mapped ? 'row_number' then
    parts := parts || format('''row:'' || t.%I::text', mapped ->> 'row_number');
  end if;
  parts := array_remove(parts, null) || '''digest:'' || md5(to_jsonb(t)::text)'::text;

  if mapped ? 'scraped_at' then
    seen_at := format('case when pg_input_is_valid(t.%1$I::text, ''timestamptz'') then t.%1$I::text::timestamptz end',
      mapped ->> 'scraped_at');
  end if;
  select
    string_agg(
      case when mapped ? f.name then format('t.%I::text', mapped ->> f.name) else 'null::text' end
        || format(' as %I', f.name),
      ', ' order by f.ordinal
    ),
    array_agg(mapped ->> f.name) filter (where mapped ? f.name)
  into fields, used
  from unnest(app_private.staged_fields()) with ordinality as f (name, ordinal)
  where f.name <> 'source_key';
  -- The whole row would say it twice; what made the key stays with the rest.
  return format(
    'select %s as source_key, %s, nullif(jsonb_strip_nulls(to_jsonb(t) - %L::text[]), ''{}'') as payload,
       %s as scraped_at, %s as row_order
     from public.pulled_properties as t',
    'coalesce(' || array_to_string(parts, ', ') || ')',
    fields,
    coalesce(used, '{}'),
    seen_at,
    case when mapped ? 'row_number' then format('lpad(t.%I::text, 20)', mapped ->> 'row_number') else 'null::text' end
  );
end
$$;

comment on function app_private.legacy_query() is $$
The query that gives the rows of public.pulled_properties as they are staged: key, fields as text, everything else as
payload, when they were pulled, and their order in the table.

The key is the older tool's own, with the source it is unique in; else the address of the page; else the number of the
row; else a digest of it: every row has one. PC404: there is no such table.
$$;
