create function app_private.read_scrape_types(words text[])
returns text[]
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
  answer text[] := '{}';
  word text;
  meant app_base.property_type;
begin
  foreach word in array coalesce(words, '{}') loop
    meant := app_private.read_property_type(word);
    if meant is null then
      raise exception 'expected a type of property, got %', coalesce(quote_literal(word), 'null')
        using errcode = 'PC400', hint = 'Types are house, flat (or apartment), land, commercial and annex.';
    end if;
    if not meant::text = any (answer) then
      answer := answer || meant::text;
    end if;
  end loop;
  return nullif(answer, '{}');
end
$$;

comment on function app_private.read_scrape_types(text[]) is $$
Types of property as somebody says them (house, apartment, maison) in our own words; null for none.

    select app_private.read_scrape_types('{house,apartment}');  -- {house,flat}

PC400: a word is no type.
$$;
