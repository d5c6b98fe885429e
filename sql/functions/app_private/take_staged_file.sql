-- requires: sql/functions/app_private/key_expression.sql

create function app_private.take_staged_file(session uuid, header text[])
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  filled app_public.scrape_sessions := app_private.fillable_session(take_staged_file.session);
  meant text[] := app_private.meant_columns(filled.source_id, take_staged_file.header);
  fields text[] := '{}';
  field_values text[] := '{}';
  rest text[] := '{}';
  rest_values text[] := '{}';
  seen_at text := 'now()';
  given_payload text := 'null';
  key text;
  staged integer;
begin
  for n in 1..cardinality(header) loop
    case
      when meant[n] is null then
        rest := rest || case
          when header[n] = '' then 'column_' || n
          when header[n] = any (rest) then header[n] || '_' || n
          else header[n]
        end;
        rest_values := rest_values || format('f.c%s', n);
      when meant[n] = 'scraped_at' then
        seen_at := format(
          'case when pg_input_is_valid(f.c%1$s, ''timestamptz'') then f.c%1$s::timestamptz else now() end', n);
      when meant[n] = 'payload' then
        given_payload := format(
          'case when pg_input_is_valid(f.c%1$s, ''jsonb'')
             then case when f.c%1$s::jsonb @? ''strict $ ? (@.type() == "object")'' then f.c%1$s::jsonb
               else jsonb_build_object(''payload'', f.c%1$s::jsonb) end
             else jsonb_build_object(''payload'', f.c%1$s) end', n);
      else
        fields := fields || meant[n];
        field_values := field_values || format('f.c%s', n);
    end case;
  end loop;
  key := app_private.key_expression('r', ('source_key' = any (fields))::text, ('property_url' = any (fields))::text,
    app_private.key_columns(filled.source_id));
  -- Every field is there under its name, so that a digest may be asked of columns that the file has not.
  execute format(
    'insert into %1$s (session_id, bucket, source_key, %2$s payload, scraped_at)
     select %3$L, %4$s, %5$s, %6$s nullif(coalesce(r.payload, ''{}'') || %7$s, ''{}''), r.scraped_at
     from (select f.*, %8$s, %9$s as payload, %10$s as scraped_at from pg_temp.staged_file as f) as r',
    app_private.open_staging_partition(filled.staging_bucket),
    (select string_agg(quote_ident(f) || ',', ' ' order by n) from unnest(fields) with ordinality as t (f, n)
     where f <> 'source_key'),
    filled.id, filled.staging_bucket, key,
    (select string_agg(format('r.%I,', f), ' ' order by n) from unnest(fields) with ordinality as t (f, n)
     where f <> 'source_key'),
    case when rest = '{}' then '''{}''' else format('jsonb_strip_nulls(jsonb_object(%L::text[], array[%s]))', rest,
      (select string_agg(replace(v, 'f.', 'r.'), ', ' order by n)
       from unnest(rest_values) with ordinality as t (v, n))) end,
    (
      select string_agg(format('%s as %I', coalesce(field_values[array_position(fields, a.name)], 'null::text'), a.name), ', ')
      from unnest(app_private.staged_fields()) as a (name)
    ),
    given_payload || case when given_payload = 'null' then '::jsonb' else '' end,
    seen_at
  );
  get diagnostics staged = row_count;
  return staged;
end
$$;

comment on function app_private.take_staged_file(uuid, text[]) is $$
Stages the rows of pg_temp.staged_file, whose columns c1, c2 … hold a file's cells as text and whose names `header`
gives; how many there are.

Columns of property_scrapes_staging become what they are called, others go to the payload under their own names. Keys
are made as stage_properties makes them, told by the columns the file has.
$$;
