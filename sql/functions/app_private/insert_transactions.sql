-- The columns are read from the catalogue, so that a column added to the ledger is restored and merged
-- without anyone remembering this place; the generated one computes itself.

create function app_private.insert_transactions(from_table text)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  columns text;
begin
  select string_agg(quote_ident(a.attname), ', ' order by a.attnum) into columns
  from pg_attribute as a
  where a.attrelid = 'app_public.transactions'::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = '';
  execute format('insert into app_public.transactions (%1$s) select %1$s from %2$s', columns, from_table::regclass);
end
$$;

comment on function app_private.insert_transactions(text) is $$
Inserts the rows of a table of the ledger's shape, named as it would be written in SQL, into app_public.transactions.
$$;
