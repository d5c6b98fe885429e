-- Security definer: whoever may write homes has it recorded, without being able to write the record.
-- The planner plans the join of the transition tables once, for as many rows as the first update had, and keeps that
-- plan for a bulk update: hence no nested loops. An edit of one home goes without the join.
-- requires: sql/functions/app_private/home_differences.sql
-- requires: sql/functions/app_private/is_same_home.sql

create function app_private.tg_properties_live__record_update()
returns trigger
language plpgsql
security definer
set plan_cache_mode = force_generic_plan
set enable_nestloop = off
set search_path = pg_catalog, pg_temp
as $$
declare
  touched bigint := (select count(*) from new_homes);
  recorded bigint;
  batch record;
  state text;
  before app_public.properties_live;
  after app_public.properties_live;
  change jsonb;
  field text;
  ordinal integer;
  kind app_base.property_change_kind;
  old_value jsonb;
  new_value jsonb;
  magnitude real;
begin
  if touched = 0 then
    return null;
  end if;
  if touched = 1 and coalesce(current_setting('parcelle.session_id', true), '') = '' then
    select o.* into before from old_homes as o;
    select n.* into after from new_homes as n;
    if before.id <> after.id then
      raise exception 'home % keeps its id, it cannot become %', before.id, after.id
        using errcode = 'PC422', hint = 'Insert a new home and delete the old one.';
    end if;
    if before *= after then
      return null;
    end if;
    batch := app_private.open_batch();
    insert into app_private.property_versions (property_id, replaced_at, batch_id, image)
    values (before.id, batch.changed_at, batch.batch_id, before);
    -- As app_private.home_differences, whose expressions would take longer to prepare than the record to write.
    ordinal := batch.change_count;
    foreach change in array app_private.changed_values(before, after) loop
      ordinal := ordinal + 1;
      field := change ->> 0;
      kind := 'updated';
      old_value := nullif(change -> 1, 'null');
      new_value := nullif(change -> 2, 'null');
      magnitude := app_private.change_magnitude(field, old_value, new_value);
      if field = 'status' then
        kind := app_private.status_change_kind(before.status, after.status);
      elsif field in ('longitude', 'latitude') then
        magnitude := app_public.distance_m(before.longitude, before.latitude, after.longitude, after.latitude);
      elsif field in ('contact_phone', 'contact_email') then
        old_value := app_private.recordable_value(field, old_value);
        new_value := app_private.recordable_value(field, new_value);
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
    state := app_private.count_in_batch(
      batch.batch_id, ordinal, batch.action_count, batch.changed_at, batch.session_id
    );
    return null;
  end if;

  batch := app_private.open_batch();
  insert into app_private.property_versions (property_id, replaced_at, batch_id, session_id, image)
  select o.id, batch.changed_at, batch.batch_id, batch.session_id, row(o.*)::app_public.properties_live
  from old_homes as o
  join new_homes as n on n.id = o.id
  where not app_private.is_same_home(row(o.*)::app_public.properties_live, row(n.*)::app_public.properties_live);
  get diagnostics recorded = row_count;
  if recorded < touched and exists (
    select from old_homes as o where not exists (select from new_homes as n where n.id = o.id)
  ) then
    raise exception 'a home keeps its id'
      using errcode = 'PC422', hint = 'Insert new homes and delete the old ones.';
  end if;
  if recorded = 0 then
    return null;
  end if;
  insert into app_public.property_changes (
    batch_id, ordinal, property_id, source_id, session_id, changed_by, kind, field_name, old_value, new_value,
    magnitude, confidence, confidence_cell, insee_code, property_type, changed_at
  )
  select
    batch.batch_id, batch.change_count + row_number() over (), c.property_id, c.source_id, batch.session_id,
    batch.actor, c.kind, c.field_name, c.old_value, c.new_value, c.magnitude, v.confidence, v.cell,
    c.insee_code, c.property_type, batch.changed_at
  from (
    select
      n.id as property_id, n.source_id, k.kind, d.field_name, d.old_value, d.new_value, d.magnitude, n.insee_code,
      n.property_type,
      case when batch.session_id is not null then
        app_private.change_confidence_cell(k.kind, d.field_name, d.magnitude, n.quality_score, s.reliability)
      end as cell
    from old_homes as o
    join new_homes as n on n.id = o.id
    left join app_public.sources as s on s.id = n.source_id
    cross join lateral app_private.home_differences(
      row(o.*)::app_public.properties_live, row(n.*)::app_public.properties_live
    ) as d
    cross join lateral (
      select case when d.field_name = 'status' then app_private.status_change_kind(o.status, n.status)
        else 'updated'::app_base.property_change_kind end as kind
    ) as k
    left join app_public.rule_fields as f on f.column_name = d.field_name
    where batch.session_id is null
      or app_private.is_significant(f.significance, f.significance_threshold, d.magnitude)
  ) as c
  left join app_public.change_confidence_cells as v on v.cell = c.cell;
  get diagnostics recorded = row_count;
  state := app_private.count_in_batch(
    batch.batch_id, batch.change_count + recorded, batch.action_count, batch.changed_at, batch.session_id
  );
  return null;
end
$$;

comment on function app_private.tg_properties_live__record_update() is $$
Records what an update of live homes changed, field by field, and how the homes stood before. What changes nothing
leaves no trace.

PC422: the update changes the id of a home.
$$;

create trigger _500_record_update
after update on app_public.properties_live
referencing old table as old_homes new table as new_homes
for each statement execute function app_private.tg_properties_live__record_update();
