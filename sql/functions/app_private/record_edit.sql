-- What app_private.home_differences tells of many homes, for one: preparing its expressions takes longer than writing
-- the record. A test holds the two together.
-- requires: sql/functions/app_private/changed_fields.sql

create function app_private.record_edit(
  batch record, before app_public.properties_live, after app_public.properties_live
)
returns void
language plpgsql
volatile
as $$
declare
  fields text[] := app_private.changed_fields(before, after);
  field text;
  ordinal integer := batch.change_count;
  kind app_base.property_change_kind;
  old_values jsonb;
  new_values jsonb;
  old_value jsonb;
  new_value jsonb;
  magnitude real;
begin
  -- No field of the record, and slow to write as JSON.
  before.search := null;
  after.search := null;
  old_values := to_jsonb(before);
  new_values := to_jsonb(after);
  foreach field in array fields loop
    ordinal := ordinal + 1;
    kind := 'updated';
    old_value := nullif(old_values -> field, 'null');
    new_value := nullif(new_values -> field, 'null');
    magnitude := app_private.change_magnitude(field, old_value, new_value);
    if field = 'status' then
      kind := app_private.status_change_kind(before.status, after.status);
    elsif field in ('longitude', 'latitude') then
      magnitude := app_public.distance_m(before.longitude, before.latitude, after.longitude, after.latitude);
    elsif field in ('contact_phone', 'contact_email') then
      old_value := to_jsonb(app_private.personal_digest(old_values ->> field));
      new_value := to_jsonb(app_private.personal_digest(new_values ->> field));
    end if;
    insert into app_public.property_changes (
      batch_id, ordinal, property_id, source_id, changed_by, kind, field_name, old_value, new_value, magnitude,
      insee_code, property_type, changed_at
    )
    values (
      batch.batch_id, ordinal, after.id, after.source_id, batch.actor, kind, field, old_value, new_value, magnitude,
      after.insee_code, after.property_type, batch.changed_at
    );
  end loop;
  perform app_private.count_in_batch(batch, cardinality(fields), 0);
end
$$;

comment on function app_private.record_edit(record, app_public.properties_live, app_public.properties_live) is $$
Writes into a batch what an edit by hand changed in one home, field by field.
$$;
