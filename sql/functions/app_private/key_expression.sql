create function app_private.key_expression(row_name text, has_key text, has_url text, key_columns text[])
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select format(
    'case when %2$s then nullif(btrim(%1$s.source_key), '''')
      when %3$s then app_private.page_key(%1$s.property_url)
      else %4$s end',
    row_name, has_key, has_url,
    case when key_columns is null then 'null' else format(
      'case when btrim(%1$s.%2$I) <> '''' then ''digest:'' || md5(%3$s) end',
      row_name, key_columns[1],
      (
        select string_agg(
          format('lower(regexp_replace(btrim(coalesce(%s.%I, '''')), ''\s+'', '' '', ''g''))', row_name, c), ' || chr(31) || '
          order by n
        )
        from unnest(key_columns) with ordinality as k (c, n)
      )
    ) end
  )
$$;

comment on function app_private.key_expression(text, text, text, text[]) is $$
SQL that gives the key of a staged row called `row_name`.

It is source_key where the row's maker speaks of that (`has_key`, a condition), and null when it is empty: a home whose
key is missing must not turn up under another one. Else it is the address of the page where he speaks of that, else the
digest of `key_columns`, of which the first must be filled; else there is none.
$$;
