-- Deferred to the end of the transaction, and asked for by one entry alone however many there are. Security definer: a
-- batch is sealed whoever changed the homes.

create function app_private.tg_property_changes__seal()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  place bigint;
begin
  place := app_private.seal_batch(
    new.batch_id, new.session_id, new.changed_by, new.changed_at, app_private.change_digest(new)
  );
  return null;
end
$$;

comment on function app_private.tg_property_changes__seal() is $$
Seals the batch of a transaction at its end; the first change in it asks for that. See app_private.seal_batch.
$$;

create constraint trigger _500_seal
after insert on app_public.property_changes
deferrable initially deferred
for each row when (new.ordinal = 1) execute function app_private.tg_property_changes__seal();
