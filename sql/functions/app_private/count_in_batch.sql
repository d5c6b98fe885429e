-- Without `set`, so that it is written in place of the call.

create function app_private.count_in_batch(
  batch_id bigint, change_count bigint, action_count bigint, changed_at timestamptz, session_id uuid
)
returns text
language sql
volatile
as $$
  select set_config(
    'parcelle.batch',
    case
      -- Where constraints were made immediate the batch is sealed by now.
      when current_setting('parcelle.batch', true) = 'sealed ' || batch_id then 'sealed ' || batch_id
      -- As JSON, an instant is written the same whatever the session's settings.
      else pg_current_xact_id()::text || ' ' || batch_id || ' ' || change_count || ' ' || action_count || ' '
        || (to_jsonb(changed_at) #>> '{}') || ' ' || coalesce(session_id::text, '-')
    end,
    true
  )
$$;

comment on function app_private.count_in_batch(bigint, bigint, bigint, timestamptz, uuid) is $$
Remembers until the end of the transaction how many changes and actions its batch holds; what app_private.open_batch
reads.
$$;
