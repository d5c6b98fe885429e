-- Without `set`, so that the planner writes it in place of the call. Numbers and instants in binary, so that no
-- setting of the session has a say in how they are written.

create function app_private.change_digest(change app_public.property_changes)
returns bytea
language sql
stable
as $$
  select sha256(convert_to(row(
    change.batch_id, change.ordinal, change.property_id, change.source_id, change.session_id, change.changed_by,
    change.kind, change.field_name, change.old_value, change.new_value, encode(float4send(change.magnitude), 'hex'),
    encode(float4send(change.confidence), 'hex'), change.confidence_cell, change.insee_code, change.property_type,
    encode(timestamptz_send(change.changed_at), 'hex')
  )::text, 'UTF8'))
$$;

comment on function app_private.change_digest(app_public.property_changes) is $$
The sha256 of everything a change record says.
$$;
