-- Without `set`, so that the planner writes it in place of the call.

create function app_private.status_change_kind(
  old_status app_base.property_status, new_status app_base.property_status
)
returns app_base.property_change_kind
language sql
immutable
parallel safe
as $$
  select case
    when new_status = 'likely_removed' then 'likely_removed'::app_base.property_change_kind
    when new_status = 'removed' then 'removed'::app_base.property_change_kind
    when new_status = 'sold' then 'sold'::app_base.property_change_kind
    when old_status in ('likely_removed', 'removed') then 'reactivated'::app_base.property_change_kind
    else 'updated'::app_base.property_change_kind
  end
$$;

comment on function app_private.status_change_kind(app_base.property_status, app_base.property_status) is $$
What a change of status is called among the changes of a home.

    select app_private.status_change_kind('removed', 'active');  -- reactivated
$$;
