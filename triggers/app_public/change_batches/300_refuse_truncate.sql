create function app_private.tg_change_batches__refuse_truncate()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception '% is append-only', tg_table_name
    using errcode = 'PC403', hint = 'app_private.drop_history lets old months go.';
end
$$;

comment on function app_private.tg_change_batches__refuse_truncate() is $$
Keeps a sealed batch of changes from being emptied.

PC403: always.
$$;

create trigger _300_refuse_truncate
before truncate on app_public.change_batches
for each statement execute function app_private.tg_change_batches__refuse_truncate();
