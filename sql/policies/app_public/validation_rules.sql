comment on table app_public.validation_rules is $$
The rules that staged homes are judged by. `rule_types` says which there are and what their config looks like.

    insert into validation_rules (rule_name, field_name, rule_type, rule_config, severity)
    values ('custom_price_range', 'price', 'range', '{"min": 50000, "max": 10000000}', 'warning');

A rule is checked when it is written: its config against its type, its texts against what a rule may do (PC400, PC422).
Empty values pass every rule except required, required_if and completeness. Default rules are merged by every deploy;
one that was switched off stays off, one that was edited is the editor's own from then on.
$$;
comment on column app_public.validation_rules.id is 'Number of the rule.';
comment on column app_public.validation_rules.rule_name is 'Its name, unique.';
comment on column app_public.validation_rules.field_name is
  'The field it judges (rule_fields); column names, `type` and `url` are understood too.';
comment on column app_public.validation_rules.rule_type is 'What it compares.';
comment on column app_public.validation_rules.rule_config is 'With what, in the shape its type has.';
comment on column app_public.validation_rules.severity is
  'info counts for nothing, warning marks the row, error keeps it out of live, blocker holds the session as well.';
comment on column app_public.validation_rules.weight is 'How much it counts in the quality of a row.';
comment on column app_public.validation_rules.description is 'Why it is there, for whoever reads a report.';
comment on column app_public.validation_rules.source_id is 'The source whose rows it judges; null for all.';
comment on column app_public.validation_rules.property_type is 'The type of home it judges; null for all.';
comment on column app_public.validation_rules.scope_where is
  'A condition over the fields of a row: only rows that fulfil it are judged. Checked and run like an expression rule.';
comment on column app_public.validation_rules.warn_below is
  'Share of passing rows below which the session is warned of; 1 unless said, so that any failing row warns.';
comment on column app_public.validation_rules.fail_below is
  'Share of passing rows below which the rule has failed as a whole; never unless said, 1 for blockers and session rules.';
comment on column app_public.validation_rules.owner is 'Who answers for it.';
comment on column app_public.validation_rules.valid_from is 'First day it is in force; null for always.';
comment on column app_public.validation_rules.valid_to is 'Last day it is in force; null for ever.';
comment on column app_public.validation_rules.version is 'Goes up by one whenever what it judges changes.';
comment on column app_public.validation_rules.is_enabled is 'Whether it is in force.';
comment on column app_public.validation_rules.is_default is 'Whether it came with Parcelle and is kept up to date by deploys.';
comment on column app_public.validation_rules.created_at is 'When it was written.';
comment on column app_public.validation_rules.updated_at is 'When it was changed last.';

grant select on app_public.validation_rules to app_analyst;
grant insert (
  rule_name, field_name, rule_type, rule_config, severity, weight, description, source_id, property_type, scope_where,
  warn_below, fail_below, valid_from, valid_to, is_enabled
), update (
  rule_name, field_name, rule_type, rule_config, severity, weight, description, source_id, property_type, scope_where,
  warn_below, fail_below, owner, valid_from, valid_to, is_enabled
) on app_public.validation_rules to app_analyst;

create policy validation_rules_analyst_read on app_public.validation_rules
  for select to app_analyst using (true);
comment on policy validation_rules_analyst_read on app_public.validation_rules is 'Rules are no secret to those they work for.';

create policy validation_rules_analyst_insert on app_public.validation_rules
  for insert to app_analyst with check (not is_default);
comment on policy validation_rules_analyst_insert on app_public.validation_rules is
  'Analysts write rules of their own; what a rule may do is checked by its trigger.';

create policy validation_rules_analyst_update on app_public.validation_rules
  for update to app_analyst using (true) with check (true);
comment on policy validation_rules_analyst_update on app_public.validation_rules is
  'Analysts mend rules and switch them on and off; each change is recorded.';
