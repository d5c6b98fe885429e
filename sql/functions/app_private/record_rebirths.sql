create function app_private.record_rebirths(property_ids bigint[], batch record)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  if cardinality(property_ids) > 0 then
    insert into app_private.property_versions (property_id, replaced_at, batch_id, session_id)
    select p.id, batch.changed_at, batch.batch_id, batch.session_id
    from unnest(property_ids) as p (id)
    where exists (select from app_private.property_versions as v where v.property_id = p.id);
  end if;
end
$$;

comment on function app_private.record_rebirths(bigint[], record) is $$
Records that there was no home under these ids where one stood earlier: they were deleted, and are inserted again.
$$;
