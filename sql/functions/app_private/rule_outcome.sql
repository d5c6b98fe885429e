-- requires: sql/functions/app_private/rule_sort.sql

create function app_private.rule_outcome(
  rule app_public.validation_rules, checked_count bigint, failed_count bigint
)
returns app_base.rule_outcome
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
  select case
    when coalesce(checked_count, 0) = 0 then 'not_applicable'
    when failed_count > 0 and p.pass_ratio < coalesce(rule.fail_below,
      case when rule.severity = 'blocker' or app_private.rule_sort(rule) = 'session' then 1 else 0 end) then 'failed'
    when p.pass_ratio < coalesce(rule.warn_below, 1) then 'warned'
    else 'passed'
  end::app_base.rule_outcome
  from (select round(1 - failed_count::numeric / nullif(checked_count, 0), 6) as pass_ratio) as p
$$;

comment on function app_private.rule_outcome(app_public.validation_rules, bigint, bigint) is $$
What a rule came to that judged so many rows, of which so many failed.

Failed below fail_below (unless said 1 for blockers and for rules about the session, never for others), warned below
warn_below (unless said 1: any failing row warns).
$$;
