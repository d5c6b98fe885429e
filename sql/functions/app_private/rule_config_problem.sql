create function app_private.rule_config_problem(wanted text, given jsonb)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  sort text := jsonb_typeof(given);
  word text := given #>> '{}';
  is_number boolean := sort = 'number';
  unknown_name text;
begin
  if wanted = 'number' then
    return case when not is_number then 'a number' end;
  elsif wanted = 'count' then
    return case when not is_number or word !~ '^\d{1,9}$' then 'a whole number from 0 on' end;
  elsif wanted = 'share' then
    return case when not is_number or word::numeric not between 0 and 1 then 'a number from 0 to 1' end;
  elsif wanted = 'bound' then
    return case when not is_number and (sort <> 'string' or word !~ '^(\d{4}-\d\d-\d\d|today([+-]\d{1,5})?)$')
      then 'a number, a day as YYYY-MM-DD, or today with so many days, as today-30' end;
  elsif wanted = 'flag' then
    return case when sort <> 'boolean' then 'true or false' end;
  elsif wanted = 'text' then
    return case when sort <> 'string' or btrim(word) = '' then 'a text' end;
  elsif wanted = 'pattern' then
    if sort <> 'string' or word = '' then
      return 'a regular expression';
    end if;
    begin
      perform '' ~ word;
    exception when invalid_regular_expression then
      return format('a regular expression (%s)', sqlerrm);
    end;
    return null;
  elsif wanted = 'values' then
    return case when sort <> 'array' or given = '[]' or exists (
      select from jsonb_array_elements(given) as e where jsonb_typeof(e) not in ('string', 'number')
    ) then 'a list of texts or numbers' end;
  elsif wanted = 'field' then
    return case when sort <> 'string' or (app_private.rule_field(word)).field_name is null
      then 'a field of rule_fields' end;
  elsif wanted = 'fields' then
    if sort <> 'array' or given = '[]' then
      return 'a list of fields of rule_fields';
    end if;
    select e #>> '{}' into unknown_name
    from jsonb_array_elements(given) as e
    where (app_private.rule_field(e #>> '{}')).field_name is null
    limit 1;
    return 'a list of fields of rule_fields (' || unknown_name || ' is none)';
  elsif wanted = 'weights' then
    return case when sort <> 'object' or given = '{}' or exists (
      select from jsonb_each(given) as e
      where jsonb_typeof(e.value) <> 'number' or (e.value #>> '{}')::numeric < 0
        or (app_private.rule_field(e.key)).field_name is null
    ) or not exists (select from jsonb_each(given) as e where jsonb_typeof(e.value) = 'number' and (e.value #>> '{}')::numeric > 0)
      then 'an object of field → weight, at least one of them above 0' end;
  elsif wanted = 'box' then
    return case when sort <> 'array' or jsonb_array_length(given) <> 4
      or exists (select from jsonb_array_elements(given) as e where jsonb_typeof(e) <> 'number')
      or (given ->> 0)::numeric >= (given ->> 2)::numeric or (given ->> 1)::numeric >= (given ->> 3)::numeric
      then 'four numbers [west, south, east, north]' end;
  elsif wanted = 'table' then
    return case when sort <> 'string' or not word = any (app_private.rule_reference_tables())
      then 'one of ' || array_to_string(app_private.rule_reference_tables(), ', ') end;
  elsif wanted = 'column' then
    return case when sort <> 'string' or not app_private.is_reference_column(split_part(word, '.', 1), split_part(word, '.', 2))
      then 'a column of a reference table, as departments.code' end;
  elsif wanted = 'columns' then
    return case when sort <> 'object' or given = '{}' or exists (
      select from jsonb_each(given) as e
      where jsonb_typeof(e.value) <> 'string' or (app_private.rule_field(e.key)).field_name is null
    ) then 'an object of field → column' end;
  end if;
  return case when sort <> 'string' or not word = any (string_to_array(wanted, '|'))
    then 'one of ' || replace(wanted, '|', ', ') end;
end
$$;

comment on function app_private.rule_config_problem(text, jsonb) is $$
What a value of a rule's config must be, in words, where it is not of the kind wanted; null when it is.

    select app_private.rule_config_problem('share', '1.5');  -- a number from 0 to 1
$$;
