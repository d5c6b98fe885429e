create function app_private.record_admin_action(action text, target text default null, details jsonb default '{}')
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  batch record := app_private.open_batch();
  state text;
begin
  insert into app_public.admin_actions (batch_id, ordinal, actor, action, target, details, acted_at)
  values (
    batch.batch_id, batch.action_count + 1, batch.actor, action, target, coalesce(details, '{}'), batch.changed_at
  );
  state := app_private.count_in_batch(
    batch.batch_id, batch.change_count, batch.action_count + 1, batch.changed_at, batch.session_id
  );
end
$$;

comment on function app_private.record_admin_action(text, text, jsonb) is $$
Appends what an operator did to admin_actions, in the batch of this transaction.

    select app_private.record_admin_action('pause_source', 'portal', '{"reason": "layout changed"}');
$$;
