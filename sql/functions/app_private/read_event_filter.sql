create function app_private.read_event_filter(
  filter jsonb,
  out insee_codes text[], out property_types app_base.property_type[], out kinds app_base.property_change_kind[],
  out source_ids smallint[]
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  word text;
  code text;
begin
  filter := coalesce(filter, '{}');
  select k.key into word
  from jsonb_object_keys(case jsonb_typeof(filter) when 'object' then filter else '{"": 0}' end) as k (key)
  where k.key not in ('city', 'insee_code', 'property_type', 'kind', 'source');
  if found then
    raise exception 'events cannot be filtered by %', case word when '' then left(filter::text, 60) else word end
      using errcode = 'PC400', hint = 'Filter by city, insee_code, property_type, kind or source.';
  end if;

  insee_codes := app_private.read_scope_cities(app_private.filter_words(filter, 'insee_code'));
  foreach word in array coalesce(app_private.filter_words(filter, 'city'), '{}') loop
    code := coalesce(app_public.present_insee_code(word), (app_public.resolve_city(word)).insee_code);
    if code is null then
      raise exception 'city % is not known, or several are called so', quote_literal(word)
        using errcode = 'PC404', hint = 'Give its INSEE code: parcelle city resolve NAME finds it.';
    end if;
    insee_codes := insee_codes || code;
  end loop;
  if insee_codes is not null then
    insee_codes := insee_codes || app_private.scope_cities(insee_codes);
  end if;
  property_types := app_private.read_scope_types(app_private.filter_words(filter, 'property_type'));

  foreach word in array coalesce(app_private.filter_words(filter, 'kind'), '{}') loop
    if not pg_input_is_valid(lower(word), 'app_base.property_change_kind') then
      raise exception 'expected a kind of change, got %', quote_literal(word)
        using errcode = 'PC400',
          hint = format('Kinds are %s.', array_to_string(enum_range(null::app_base.property_change_kind), ', '));
    end if;
    kinds := kinds || lower(word)::app_base.property_change_kind;
  end loop;
  foreach word in array coalesce(app_private.filter_words(filter, 'source'), '{}') loop
    source_ids := source_ids || (select s.id from app_public.sources as s where s.code = lower(word));
    if source_ids[cardinality(source_ids)] is null then
      raise exception 'source % does not exist', quote_literal(word)
        using errcode = 'PC404', hint = 'List the sources with: parcelle sources list';
    end if;
  end loop;
end
$$;

comment on function app_private.read_event_filter(jsonb) is $$
A filter of change events, read: communes (arrondissements included), types, kinds, sources; null for any.

    select insee_codes, kinds from app_private.read_event_filter('{"city": "Rennes", "kind": ["new", "sold"]}');

PC400: it has another key, or a word that means nothing. PC404: there is no such city or source.
$$;
