create function app_private.count_in_batch(batch record, changes bigint, actions bigint)
returns void
language plpgsql
volatile
as $$
begin
  -- Where constraints were made immediate the batch is sealed by now.
  if current_setting('parcelle.batch', true) = 'sealed ' || batch.batch_id then
    return;
  end if;
  -- As JSON, an instant is written the same whatever the session's settings.
  perform set_config('parcelle.batch', concat_ws(' ',
    pg_current_xact_id(), batch.batch_id, batch.change_count + changes, batch.action_count + actions,
    to_jsonb(batch.changed_at) #>> '{}', coalesce(batch.session_id::text, '-')
  ), true);
end
$$;

comment on function app_private.count_in_batch(record, bigint, bigint) is $$
Remembers until the end of the transaction how much its batch holds: so many changes and actions more.
$$;
