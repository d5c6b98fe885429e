-- Without `set`, so that the planner writes it in place of the call.

create function app_private.is_significant(
  significance app_base.significance_kind, threshold numeric, magnitude real
)
returns boolean
language sql
immutable
parallel safe
as $$
  select case significance
    when 'never' then false
    when 'ratio' then coalesce(magnitude >= threshold, true)
    when 'metres' then coalesce(magnitude >= threshold, true)
    when 'similarity' then coalesce(magnitude >= threshold, true)
    else true
  end
$$;

comment on function app_private.is_significant(app_base.significance_kind, numeric, real) is $$
Whether a step of a field is large enough for a change record, by the setting of the field in rule_fields; a step
without a magnitude (from or to nothing) always is.

    select app_private.is_significant('ratio', 0.005, 0.2);  -- t
$$;
