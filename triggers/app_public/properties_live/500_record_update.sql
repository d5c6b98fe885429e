-- Security definer: whoever may write homes has it recorded, without being able to write the record.
-- The planner would plan the join of the transition tables once, for one row, and keep that plan for a bulk update:
-- hence no nested loops.
-- requires: sql/functions/app_private/home_differences.sql

create function app_private.tg_properties_live__record_update()
returns trigger
language plpgsql
security definer
set enable_nestloop = off
set search_path = pg_catalog, pg_temp
as $$
declare
  batch record;
  version_count integer;
  recorded integer;
begin
  if not exists (select from new_homes) then
    return null;
  end if;
  batch := app_private.open_batch();

  insert into app_private.property_versions (property_id, replaced_at, batch_id, session_id, image)
  select o.id, batch.changed_at, batch.batch_id, batch.session_id, row(o.*)::app_public.properties_live
  from old_homes as o
  join new_homes as n on n.id = o.id
  where not app_private.is_same_home(row(o.*)::app_public.properties_live, row(n.*)::app_public.properties_live);
  get diagnostics version_count = row_count;
  if version_count = 0 then
    if exists (select from old_homes as o where not exists (select from new_homes as n where n.id = o.id)) then
      raise exception 'a home keeps its id'
        using errcode = 'PC422', hint = 'Insert a new home and delete the old one.';
    end if;
    return null;
  end if;

  if batch.session_id is null then
    insert into app_public.property_changes (
      batch_id, ordinal, property_id, source_id, changed_by, kind, field_name, old_value, new_value, magnitude,
      insee_code, property_type, changed_at
    )
    select
      batch.batch_id, batch.change_count + row_number() over (), n.id, n.source_id, batch.actor,
      case when d.field_name = 'status' then app_private.status_change_kind(o.status, n.status) else 'updated' end,
      d.field_name, d.old_value, d.new_value, d.magnitude, n.insee_code, n.property_type, batch.changed_at
    from old_homes as o
    join new_homes as n on n.id = o.id
    cross join lateral app_private.home_differences(
      row(o.*)::app_public.properties_live, row(n.*)::app_public.properties_live
    ) as d;
  else
    insert into app_public.property_changes (
      batch_id, ordinal, property_id, source_id, session_id, changed_by, kind, field_name, old_value, new_value,
      magnitude, confidence, confidence_cell, insee_code, property_type, changed_at
    )
    select
      batch.batch_id, batch.change_count + row_number() over (), c.property_id, c.source_id, batch.session_id,
      batch.actor, c.kind, c.field_name, c.old_value, c.new_value, c.magnitude, v.confidence, c.cell,
      c.insee_code, c.property_type, batch.changed_at
    from (
      select
        n.id as property_id, n.source_id, k.kind, d.field_name, d.old_value, d.new_value, d.magnitude, n.insee_code,
        n.property_type,
        app_private.change_confidence_cell(k.kind, d.field_name, d.magnitude, n.quality_score, s.reliability) as cell
      from old_homes as o
      join new_homes as n on n.id = o.id
      join app_public.sources as s on s.id = n.source_id
      cross join lateral app_private.home_differences(
        row(o.*)::app_public.properties_live, row(n.*)::app_public.properties_live
      ) as d
      cross join lateral (
        select case when d.field_name = 'status' then app_private.status_change_kind(o.status, n.status)
          else 'updated'::app_base.property_change_kind end as kind
      ) as k
      left join app_public.rule_fields as f on f.column_name = d.field_name
      where app_private.is_significant(f.significance, f.significance_threshold, d.magnitude)
    ) as c
    left join app_public.change_confidence_cells as v on v.cell = c.cell;
  end if;
  get diagnostics recorded = row_count;
  perform app_private.count_in_batch(batch, recorded, 0);
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
