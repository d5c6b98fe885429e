create function app_private.tg_validation_rules__drop_functions()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if old.is_default and current_setting('parcelle.merges_defaults', true) is distinct from 'on' then
    raise exception 'rule % came with Parcelle and would come back', old.rule_name
      using errcode = 'PC409',
      hint = format('Switch it off: update validation_rules set is_enabled = false where rule_name = %L', old.rule_name);
  end if;
  perform app_private.drop_rule_function('rule_' || old.id);
  perform app_private.drop_rule_function('scope_' || old.id);
  return old;
end
$$;

comment on function app_private.tg_validation_rules__drop_functions() is $$
Drops the functions of a deleted rule.

PC409: a default rule is switched off, not deleted, since the next deploy would bring it back.
$$;

create trigger _310_drop_functions before delete on app_public.validation_rules
  for each row execute function app_private.tg_validation_rules__drop_functions();
