-- Without `set`, so that the planner writes it in place of the call. The instant in binary, so that no setting of the
-- session has a say in how it is written.

create function app_private.action_digest(action app_public.admin_actions)
returns bytea
language sql
stable
as $$
  select sha256(convert_to(row(
    action.batch_id, action.ordinal, action.actor, action.action, action.target, action.details,
    encode(timestamptz_send(action.acted_at), 'hex')
  )::text, 'UTF8'))
$$;

comment on function app_private.action_digest(app_public.admin_actions) is $$
The sha256 of everything the record of an operator's action says.
$$;
