create function app_private.count_in_batch(batch record, changes integer, actions integer)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  if batch.is_new then
    insert into app_public.change_batches (id, session_id, actor, change_count, action_count, opened_at)
    values (batch.batch_id, batch.session_id, batch.actor, changes, actions, batch.changed_at);
  elsif changes + actions > 0 then
    update app_public.change_batches as b
    set change_count = b.change_count + changes, action_count = b.action_count + actions
    where b.id = batch.batch_id;
  end if;
end
$$;

comment on function app_private.count_in_batch(record, integer, integer) is $$
Adds to what the batch of this transaction holds; the first time, writes its row, which is sealed at commit.
$$;
