create function app_private.read_scope_types(words text[])
returns app_base.property_type[]
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
  answer app_base.property_type[] := '{}';
  word text;
begin
  if words is null then
    return null;
  end if;
  foreach word in array words loop
    if not pg_input_is_valid(lower(btrim(word)), 'app_base.property_type') then
      raise exception 'expected a type of property, got %', coalesce(quote_literal(word), 'null')
        using errcode = 'PC400', hint = format('Types are %s.', array_to_string(enum_range(null::app_base.property_type), ', '));
    end if;
    answer := answer || lower(btrim(word))::app_base.property_type;
  end loop;
  if answer = '{}' then
    raise exception 'a scope without types sees nothing'
      using errcode = 'PC400', hint = 'Leave the types out to mean all of them.';
  end if;
  return answer;
end
$$;

comment on function app_private.read_scope_types(text[]) is $$
Words as types of property; null for null.

PC400: one of them is none, or the list is empty.
$$;
