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
  given app_public.sources;
  answer app_public.sources;
begin
  given.code := add_source.code;
  given.name := add_source.name;
  given.base_url := add_source.base_url;
  given.config := coalesce(add_source.config, '{}');
  perform app_private.check_source(given);
  insert into app_public.sources (code, name, kind, base_url, config)
  values (given.code, btrim(given.name), coalesce(add_source.kind, 'feed'), given.base_url, given.config)
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

PC409: there is one of that code. PC400: code, name, address or config is wrong.
$$;

grant execute on function app_public.add_source(text, text, app_base.source_kind, text, jsonb) to app_analyst;
