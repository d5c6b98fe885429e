-- requires: sql/functions/app_private/compile_absence.sql
-- requires: sql/functions/app_private/rule_column.sql

create function app_private.compile_cross_field(rule app_public.validation_rules, is_large boolean)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  config jsonb := rule.rule_config;
  left_value text := app_private.rule_column(coalesce(config ->> 'left', rule.field_name));
  right_value text := app_private.rule_column(config ->> 'right');
  prefix text;
begin
  if config ->> 'op' = 'in_commune' then
    prefix := format('left(%s, 5)', left_value);
    -- Nothing is looked up for a null: in a hashed list that would mean reading all of it.
    return format('%s is not null and %s is not null and %s <> %2$s', left_value, right_value, prefix)
      || ' and ' || app_private.compile_absence('cities', '{insee_code,parent_insee_code}', array[prefix, right_value], is_large)
      || ' and ' || app_private.compile_absence('cities', '{parent_insee_code,insee_code}', array[prefix, right_value], is_large)
      || ' and ' || app_private.compile_absence(
        'former_cities', '{former_insee_code,insee_code}', array[prefix, right_value], is_large);
  end if;
  if config ? 'factor' then
    right_value := format('%s * %s', right_value, (config ->> 'factor')::numeric);
  end if;
  if config ? 'offset' then
    right_value := format('%s + (%s)', right_value, (config ->> 'offset')::numeric);
  end if;
  return format('not (%s %s %s)', left_value, config ->> 'op', right_value);
end
$$;

comment on function app_private.compile_cross_field(app_public.validation_rules, boolean) is $$
The condition under which a row, called r, fails a rule of type cross_field.

A parcel lies in the commune its id begins with, under its present code or a former one; a parcel of Paris, Lyon or
Marseille begins with the arrondissement where the row may name the city, or the other way round.
$$;
