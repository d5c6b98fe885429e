create function app_private.tg_validation_rules__fill_rule()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  named app_public.rule_fields;
  is_merge boolean := coalesce(current_setting('parcelle.merges_defaults', true), '') = 'on';
begin
  if new.field_name is not null then
    named := app_private.rule_field(new.field_name);
    if named.field_name is null then
      raise exception 'field % does not exist', new.field_name
        using errcode = 'PC400', hint = format('Fields are: %s.',
          (select string_agg(f.field_name, ', ' order by f.field_name) from app_public.rule_fields as f));
    end if;
    new.field_name := named.field_name;
  end if;
  if tg_op = 'INSERT' then
    new.version := 1;
    new.is_default := is_merge;
    return new;
  end if;
  new.id := old.id;
  new.created_at := old.created_at;
  new.version := old.version;
  new.is_default := old.is_default;
  new.updated_at := old.updated_at;
  if new is not distinct from old then
    return new;
  end if;
  new.updated_at := clock_timestamp();
  if (
    new.field_name, new.rule_type, new.rule_config, new.severity, new.weight, new.source_id, new.property_type,
    new.scope_where, new.warn_below, new.fail_below
  ) is distinct from (
    old.field_name, old.rule_type, old.rule_config, old.severity, old.weight, old.source_id, old.property_type,
    old.scope_where, old.warn_below, old.fail_below
  ) then
    new.version := old.version + 1;
    -- What an operator has edited is the operator's: the next deploy leaves it alone.
    new.is_default := old.is_default and is_merge;
  end if;
  return new;
end
$$;

comment on function app_private.tg_validation_rules__fill_rule() is $$
Finds the field that is meant, counts versions, and makes an edited default rule its editor's own.

PC400: there is no such field.
$$;

create trigger _100_fill_rule before insert or update on app_public.validation_rules
  for each row execute function app_private.tg_validation_rules__fill_rule();
