-- requires: sql/functions/app_private/rule_column.sql

create function app_private.compile_cross_field(rule app_public.validation_rules)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  config jsonb := rule.rule_config;
  left_value text := app_private.rule_column(coalesce(config ->> 'left', rule.field_name));
  right_value text := app_private.rule_column(config ->> 'right');
begin
  if config ->> 'op' = 'in_commune' then
    return format(
      'left(%1$s, 5) <> %2$s
       and not exists (select from app_public.cities as x
         where x.insee_code = left(%1$s, 5) collate "C" and x.parent_insee_code = %2$s collate "C")
       and not exists (select from app_public.cities as x
         where x.insee_code = %2$s collate "C" and x.parent_insee_code = left(%1$s, 5) collate "C")
       and not exists (select from app_public.former_cities as x
         where x.former_insee_code = left(%1$s, 5) collate "C" and x.insee_code = %2$s collate "C")',
      left_value, right_value
    );
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

comment on function app_private.compile_cross_field(app_public.validation_rules) is $$
The condition under which a row, called r, fails a rule of type cross_field.

A parcel lies in the commune its id begins with, under its present code or a former one; a parcel of Paris, Lyon or
Marseille begins with the arrondissement where the row may name the city, or the other way round.
$$;
