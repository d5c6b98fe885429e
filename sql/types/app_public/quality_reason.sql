create type app_public.quality_reason as (
  measure text,
  reason text,
  severity app_base.rule_severity,
  weight numeric,
  loss numeric,
  value text,
  description text
);
comment on type app_public.quality_reason is 'One reason why a row does not score 1.';
comment on column app_public.quality_reason.measure is 'What it lowers: `quality` or `completeness`.';
comment on column app_public.quality_reason.reason is 'The rule that failed, or the field that is empty.';
comment on column app_public.quality_reason.severity is 'Severity of the rule.';
comment on column app_public.quality_reason.weight is
  'What the rule counts (half its weight for a warning, nothing for an info), or the field.';
comment on column app_public.quality_reason.loss is 'What it takes from 1: its weight as a share of all weights that apply to the row.';
comment on column app_public.quality_reason.value is 'What stood there.';
comment on column app_public.quality_reason.description is 'Why the rule is there, or what the field says.';
