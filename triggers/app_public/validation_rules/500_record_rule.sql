create function app_private.tg_validation_rules__record_rule()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  changed jsonb;
begin
  -- What a deploy merges is told by the deploy.
  if current_setting('parcelle.merges_defaults', true) = 'on' then
    return null;
  end if;
  if tg_op = 'DELETE' then
    perform app_private.record_admin_action('delete_rule', old.rule_name, to_jsonb(old));
  elsif tg_op = 'INSERT' then
    perform app_private.record_admin_action('add_rule', new.rule_name, to_jsonb(new));
  else
    select jsonb_object_agg(n.key, jsonb_build_object('old', to_jsonb(old) -> n.key, 'new', n.value)) into changed
    from jsonb_each(to_jsonb(new)) as n
    where n.value is distinct from to_jsonb(old) -> n.key and n.key <> 'updated_at';
    if changed is not null then
      perform app_private.record_admin_action(
        case when changed ? 'is_enabled' then case when new.is_enabled then 'enable_rule' else 'disable_rule' end
          else 'change_rule' end,
        new.rule_name, changed
      );
    end if;
  end if;
  return null;
end
$$;

comment on function app_private.tg_validation_rules__record_rule() is $$
Appends what somebody did to a rule to admin_actions, with what it was and what it is.
$$;

create trigger _500_record_rule after insert or update or delete on app_public.validation_rules
  for each row execute function app_private.tg_validation_rules__record_rule();
