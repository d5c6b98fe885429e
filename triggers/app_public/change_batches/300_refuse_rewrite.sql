create function app_private.tg_change_batches__refuse_rewrite()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception '% is append-only', tg_table_name
    using errcode = 'PC403', hint = 'Correct what is wrong by a new change; app_private.drop_history lets old months go.';
end
$$;

comment on function app_private.tg_change_batches__refuse_rewrite() is $$
Keeps a sealed batch of changes as it was written.

PC403: always.
$$;

create trigger _300_refuse_rewrite
before update or delete on app_public.change_batches
for each row execute function app_private.tg_change_batches__refuse_rewrite();
