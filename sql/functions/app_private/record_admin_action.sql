create function app_private.record_admin_action(action text, target text default null, details jsonb default '{}')
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  batch record := app_private.open_batch();
begin
  perform app_private.count_in_batch(batch, 0, 1);
  insert into app_public.admin_actions (batch_id, ordinal, actor, action, target, details)
  select b.id, b.action_count, batch.actor, action, target, coalesce(details, '{}')
  from app_public.change_batches as b
  where b.id = batch.batch_id;
end
$$;

comment on function app_private.record_admin_action(text, text, jsonb) is $$
Appends what an operator did to admin_actions, in the batch of this transaction.

    select app_private.record_admin_action('pause_source', 'portal', '{"reason": "layout changed"}');
$$;
