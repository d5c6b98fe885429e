-- Security definer: whoever may write homes has it recorded, without being able to write the record.

create function app_private.tg_properties_live__record_delete()
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
  if not exists (select from old_homes) then
    return null;
  end if;
  batch := app_private.open_batch();
  insert into app_private.property_versions (property_id, replaced_at, batch_id, session_id, image)
  select o.id, batch.changed_at, batch.batch_id, batch.session_id, row(o.*)::app_public.properties_live
  from old_homes as o;
  insert into app_public.property_changes (
    batch_id, ordinal, property_id, source_id, session_id, changed_by, kind, confidence, confidence_cell,
    insee_code, property_type, changed_at
  )
  select
    batch.batch_id, batch.change_count + row_number() over (), o.id, o.source_id, batch.session_id, batch.actor,
    'deleted', v.confidence, v.cell, o.insee_code, o.property_type, batch.changed_at
  from old_homes as o
  left join app_public.sources as s on s.id = o.source_id and batch.session_id is not null
  left join app_public.change_confidence_cells as v
    on v.cell = app_private.change_confidence_cell('deleted', null, null, o.quality_score, s.reliability)
      and batch.session_id is not null;
  get diagnostics recorded = row_count;
  state := app_private.count_in_batch(
    batch.batch_id, batch.change_count + recorded, batch.action_count, batch.changed_at, batch.session_id
  );
  return null;
end
$$;

comment on function app_private.tg_properties_live__record_delete() is $$
Records homes whose rows were taken away, and how they stood.
$$;

create trigger _500_record_delete
after delete on app_public.properties_live
referencing old table as old_homes
for each statement execute function app_private.tg_properties_live__record_delete();
