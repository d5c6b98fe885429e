-- requires: sql/functions/app_private/read_scrape_types.sql
-- requires: sql/functions/app_private/read_scrape_month.sql

create function app_private.read_scrape_parameters(parameters jsonb)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  wrong text;
  place app_public.city_resolution;
  insee text;
  types text[];
  first_month date;
  last_month date;
  pages text := parameters ->> 'max_pages';
begin
  if jsonb_typeof(coalesce(parameters, '{}')) <> 'object' then
    raise exception 'expected the parameters as an object, got %', jsonb_typeof(parameters)
      using errcode = 'PC400', hint = 'Give an object such as {"city": "Nantes", "postal_code": "44000"}.';
  end if;
  select string_agg(quote_literal(k.name), ', ' order by k.name) into wrong
  from jsonb_object_keys(coalesce(parameters, '{}')) as k (name)
  where k.name <> all ('{city,postal_code,insee_code,url,types,from,to,max_pages,name,tier,sync,file,task_id}');
  if wrong is not null then
    raise exception 'unknown parameter %', wrong
      using errcode = 'PC400',
        hint = 'Parameters are city, postal_code, insee_code, url, types, from, to, max_pages, name, tier and sync.';
  end if;

  if parameters ->> 'insee_code' is not null then
    insee := app_public.present_insee_code(parameters ->> 'insee_code');
    if insee is null then
      raise exception 'commune % does not exist', parameters ->> 'insee_code'
        using errcode = 'PC404', hint = 'Find its INSEE code with: parcelle city resolve NAME';
    end if;
  elsif parameters ->> 'city' is not null then
    place := app_public.resolve_city(parameters ->> 'city', parameters ->> 'postal_code');
    insee := place.insee_code;
    if insee is null then
      raise exception '% is not understood as a city: %', quote_literal(parameters ->> 'city'),
          coalesce(place.reason::text, 'nothing is like it')
        using errcode = 'PC404', hint = 'Give its postal code too, or its INSEE code.';
    end if;
  elsif parameters ->> 'postal_code' is not null then
    raise exception 'a postal code without a city'
      using errcode = 'PC400', hint = 'Give the city too: several communes may share a postal code.';
  end if;

  if jsonb_typeof(parameters -> 'types') not in ('array', 'null') then
    raise exception 'expected types as a list, got %', jsonb_typeof(parameters -> 'types')
      using errcode = 'PC400', hint = 'Give a list such as ["house", "flat"].';
  elsif jsonb_typeof(parameters -> 'types') = 'array' then
    types := app_private.read_scrape_types(array(select jsonb_array_elements_text(parameters -> 'types')));
  end if;
  first_month := app_private.read_scrape_month(parameters ->> 'from');
  last_month := app_private.read_scrape_month(parameters ->> 'to');
  if first_month > last_month then
    raise exception 'the months end % before they begin %', parameters ->> 'to', parameters ->> 'from'
      using errcode = 'PC400', hint = 'Give the earlier month as "from".';
  end if;
  if pages is not null and pages !~ '^[1-9][0-9]{0,8}$' then
    raise exception 'max_pages is %, expected a whole number from 1', pages
      using errcode = 'PC400', hint = 'Give how many requests there may be, or leave it out.';
  end if;
  if parameters ->> 'url' !~* '^https?://[^\s/]+' then
    raise exception 'expected an address of the web, got %', quote_literal(parameters ->> 'url')
      using errcode = 'PC400', hint = 'Give a page of the source, beginning with https://.';
  end if;
  if not pg_input_is_valid(coalesce(parameters ->> 'tier', 'full'), 'app_base.scrape_tier') then
    raise exception 'tier % does not exist', quote_literal(parameters ->> 'tier')
      using errcode = 'PC400',
        hint = format('Tiers are %s.', array_to_string(enum_range(null::app_base.scrape_tier), ', '));
  end if;
  return jsonb_strip_nulls(jsonb_build_object(
    'insee_code', insee,
    'postal_code', parameters ->> 'postal_code',
    'url', parameters ->> 'url',
    'types', to_jsonb(types),
    'from', to_char(first_month, 'YYYY-MM'),
    'to', to_char(last_month, 'YYYY-MM'),
    'max_pages', pages::integer,
    'name', parameters ->> 'name',
    'tier', coalesce(parameters ->> 'tier', 'full'),
    'sync', coalesce((parameters ->> 'sync')::boolean, true),
    'file', parameters ->> 'file',
    'task_id', parameters -> 'task_id'
  ));
end
$$;

comment on function app_private.read_scrape_parameters(jsonb) is $$
What somebody asks to be scraped, checked and in one form: the commune by its INSEE code, types in our words, months as
yyyy-mm.

    select app_private.read_scrape_parameters('{"city": "Nantes", "from": "01/2023"}');
    -- {"insee_code": "44109", "from": "2023-01", "tier": "full", "sync": true}

PC400: a parameter is unknown or wrong. PC404: there is no such commune.
$$;
