create function app_private.tg_properties_live__refuse_truncate()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception 'properties_live cannot be truncated: it would leave no record'
    using errcode = 'PC403', hint = 'Delete the homes; each deletion is recorded and can be undone.';
end
$$;

comment on function app_private.tg_properties_live__refuse_truncate() is $$
Keeps every home from going without a record.

PC403: always.
$$;

create trigger _300_refuse_truncate
before truncate on app_public.properties_live
for each statement execute function app_private.tg_properties_live__refuse_truncate();
