create function app_private.key_columns(source smallint)
returns text[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  given jsonb;
  code text;
  wrong text;
begin
  select s.config -> 'key_columns', s.code into given, code from app_public.sources as s where s.id = source;
  if given is null then
    return null;
  end if;
  if jsonb_typeof(given) <> 'array' or given = '[]' then
    raise exception 'key_columns of source % is %, expected a list of columns', code, given
      using errcode = 'PC400', hint = 'Give a list such as ["address", "postal_code", "property_type", "surface"].';
  end if;
  select string_agg(quote_literal(c.name), ', ') into wrong
  from jsonb_array_elements_text(given) as c (name)
  where c.name <> all (app_private.staged_fields()) or c.name in ('source_key', 'property_url');
  if wrong is not null then
    raise exception 'key_columns of source % names %, which cannot make a key', code, wrong
      using errcode = 'PC400', hint = 'Name columns of property_scrapes_staging other than source_key and property_url.';
  end if;
  return array(select jsonb_array_elements_text(given));
end
$$;

comment on function app_private.key_columns(smallint) is $$
The columns whose digest is the key of a row of this source that brings neither key nor address of a page; null for none.

PC400: the source's config does not list columns.
$$;
