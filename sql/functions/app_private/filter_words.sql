create function app_private.filter_words(filter jsonb, key text)
returns text[]
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
  given jsonb := nullif(filter -> key, 'null');
begin
  if given is null then
    return null;
  end if;
  if jsonb_typeof(given) = 'string' then
    given := jsonb_build_array(given);
  end if;
  if jsonb_typeof(given) <> 'array' or given = '[]' or given @? '$[*] ? (@.type() != "string")' then
    raise exception 'the filter % is %, expected a word or a list of words', key, left(given::text, 60)
      using errcode = 'PC400', hint = format('Such as {%s: "…"} or {%1$s: ["…", "…"]}.', to_json(key));
  end if;
  return array(select btrim(w.word) from jsonb_array_elements_text(given) as w (word));
end
$$;

comment on function app_private.filter_words(jsonb, text) is $$
What a filter says under a key, as a list; null when it says nothing.

    select app_private.filter_words('{"kind": "sold"}', 'kind');  -- {sold}

PC400: it is neither a word nor a list of words.
$$;
