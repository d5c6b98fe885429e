create function app_private.tg_validation_rules__check_rule()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'UPDATE' and new.version = old.version then
    return null;
  end if;
  perform app_private.check_rule_config(new);
  perform app_private.hold_rule_deadline(10);
  perform app_private.make_rule(new);
  perform app_private.plan_rule(new);
  perform app_private.hold_rule_deadline(0);
  return null;
end
$$;

comment on function app_private.tg_validation_rules__check_rule() is $$
Checks what a new or edited rule says: its config against its type; its texts against what a rule may do, as functions of
app_rules; what it compiles to by having it planned as app_rule.

PC400: config or texts cannot be read. PC422: a text does what a rule may not.
$$;

create trigger _300_check_rule after insert or update on app_public.validation_rules
  for each row execute function app_private.tg_validation_rules__check_rule();
