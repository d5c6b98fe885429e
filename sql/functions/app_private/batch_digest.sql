-- Without `set`, so that the planner writes it in place of the call.

create function app_private.batch_digest(
  batch bigint, session uuid, actor text, transaction xid8, change_count bigint, action_count bigint,
  opened_at timestamptz, closed_at timestamptz, changes bytea, actions bytea
)
returns bytea
language sql
stable
as $$
  select sha256(
    sha256(convert_to(row(
      batch, session, actor, transaction, change_count, action_count,
      encode(timestamptz_send(opened_at), 'hex'), encode(timestamptz_send(closed_at), 'hex')
    )::text, 'UTF8'))
    || coalesce(changes, '') || coalesce(actions, '')
  )
$$;

comment on function app_private.batch_digest(
  bigint, uuid, text, xid8, bigint, bigint, timestamptz, timestamptz, bytea, bytea
) is $$
The sha256 over what a batch says of itself, then the digests of its changes by ordinal, then those of its operators'
actions by ordinal.
$$;
