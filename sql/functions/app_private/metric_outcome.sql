create function app_private.metric_outcome(value numeric, is_upper_bound boolean, warn_at numeric, fail_at numeric)
returns app_base.rule_outcome
language sql
immutable
parallel safe
as $$
  select case
    when value is null or fail_at is null then 'not_applicable'
    when case when is_upper_bound then value > fail_at else value < fail_at end then 'failed'
    when case when is_upper_bound then value > warn_at else value < warn_at end then 'warned'
    else 'passed'
  end::app_base.rule_outcome
$$;

comment on function app_private.metric_outcome(numeric, boolean, numeric, numeric) is $$
What a measure comes to against its threshold; reaching a limit still passes.

    select app_private.metric_outcome(0.03, true, 0.02, 0.10);  -- warned
$$;
