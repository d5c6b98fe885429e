create function app_private.is_ledger_empty()
returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select not exists (select from app_public.transactions)
$$;

comment on function app_private.is_ledger_empty() is
  'Whether the ledger holds no sale, so that the next release is its first.';
