-- Security definer: whoever may write homes has it recorded, without being able to write the record.

create function app_private.tg_properties_live__record_insert()
returns trigger
language plpgsql
security definer
set enable_nestloop = off
set search_path = pg_catalog, pg_temp
as $$
declare
  batch record;
  state text;
  recorded bigint;
begin
  if not exists (select from new_homes) then
    return null;
  end if;
  batch := app_private.open_batch();
  insert into app_public.property_changes (
    batch_id, ordinal, property_id, source_id, session_id, changed_by, kind, confidence, confidence_cell,
    insee_code, property_type, changed_at
  )
  select
    batch.batch_id, batch.change_count + row_number() over (), n.id, n.source_id, batch.session_id, batch.actor,
    'new', v.confidence, v.cell, n.insee_code, n.property_type, batch.changed_at
  from new_homes as n
  left join app_public.sources as s on s.id = n.source_id and batch.session_id is not null
  left join app_public.change_confidence_cells as v
    on v.cell = app_private.change_confidence_cell('new', null, null, n.quality_score, s.reliability)
      and batch.session_id is not null;
  get diagnostics recorded = row_count;
  perform app_private.record_rebirths(
    array(
      select n.id from new_homes as n
      where n.id <= (select max(v.property_id) from app_private.property_versions as v)
    ),
    batch
  );
  state := app_private.count_in_batch(
    batch.batch_id, batch.change_count + recorded, batch.action_count, batch.changed_at, batch.session_id
  );
  return null;
end
$$;

comment on function app_private.tg_properties_live__record_insert() is $$
Records homes that came to be.
$$;

create trigger _500_record_insert
after insert on app_public.properties_live
referencing new table as new_homes
for each statement execute function app_private.tg_properties_live__record_insert();
