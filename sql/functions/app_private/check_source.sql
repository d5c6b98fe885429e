create function app_private.check_source(source app_public.sources)
returns void
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
  if source.code is null or source.code !~ '^[a-z][a-z0-9_-]{0,62}$' then
    raise exception 'expected a short name of small letters, digits, - and _, got %',
        coalesce(quote_literal(source.code), 'null')
      using errcode = 'PC400', hint = 'Give one such as my-portal.';
  end if;
  if coalesce(btrim(source.name), '') = '' then
    raise exception 'source % has no name', source.code
      using errcode = 'PC400', hint = 'Say what it is called, as it is to be shown.';
  end if;
  if source.base_url !~* '^https?://[^/?#[:space:]]+' then
    raise exception 'expected an address of the web for source %, got %', source.code, quote_literal(source.base_url)
      using errcode = 'PC400', hint = 'Give one such as https://portal.example; files need none.';
  end if;
  if jsonb_typeof(source.config) is distinct from 'object' then
    raise exception 'expected the config as an object, got %', coalesce(jsonb_typeof(source.config), 'null')
      using errcode = 'PC400', hint = 'Give an object such as {"columns": {"prix": "price"}}.';
  end if;
end
$$;

comment on function app_private.check_source(app_public.sources) is $$
Refuses a source that could not be told or reached: its code, name, address and config are looked at.

PC400: one of them is wrong.
$$;
