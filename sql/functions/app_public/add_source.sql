-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.add_source(
  code text,
  name text,
  kind app_base.source_kind default 'feed',
  base_url text default null,
  config jsonb default '{}'
)
returns app_public.sources
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  answer app_public.sources;
begin
  if add_source.code is null or add_source.code !~ '^[a-z][a-z0-9_-]{0,62}$' then
    raise exception 'expected a short name of small letters, digits, - and _, got %',
        coalesce(quote_literal(add_source.code), 'null')
      using errcode = 'PC400', hint = 'Give one such as my-portal.';
  end if;
  if coalesce(btrim(add_source.name), '') = '' then
    raise exception 'source % has no name', add_source.code
      using errcode = 'PC400', hint = 'Say what it is called, as it is to be shown.';
  end if;
  if jsonb_typeof(coalesce(add_source.config, '{}')) <> 'object' then
    raise exception 'expected the config as an object, got %', jsonb_typeof(add_source.config)
      using errcode = 'PC400', hint = 'Give an object such as {"columns": {"prix": "price"}}.';
  end if;
  insert into app_public.sources (code, name, kind, base_url, config)
  values (add_source.code, btrim(add_source.name), coalesce(add_source.kind, 'feed'), add_source.base_url,
    coalesce(add_source.config, '{}'))
  on conflict do nothing
  returning * into answer;
  if answer.id is null then
    raise exception 'source % exists already', add_source.code
      using errcode = 'PC409', hint = 'Stage into it, or choose another name.';
  end if;
  perform app_private.key_columns(answer.id);
  perform app_private.record_admin_action('add_source', answer.code, jsonb_build_object('kind', answer.kind));
  return answer;
end
$$;

comment on function app_public.add_source(text, text, app_base.source_kind, text, jsonb) is $$
Makes a source known, so that sessions of it may begin.

`config` may say what columns of its files mean (`columns`: {"prix": "price"}) and which columns make the key of rows
that bring neither key nor address of a page (`key_columns`: ["address", "property_type", "surface"]).

    select code from add_source('my-portal', 'My portal', 'portal');  -- my-portal

PC409: there is one of that code. PC400: code, name or config is wrong.
$$;

grant execute on function app_public.add_source(text, text, app_base.source_kind, text, jsonb) to app_analyst;
