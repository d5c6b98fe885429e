-- requires: sql/functions/app_private/attach_transaction_changes.sql
-- An empty ledger is filled the way any bulk load is: into tables truncated in the same transaction (no
-- write-ahead log of rows where wal_level is minimal), keys and indexes built afterwards over all rows at once.
-- The foreign keys of other tables that rest on these keys are not enforced, or an emptied ledger would be refused.

create function app_private.load_first_dvf_release(release integer)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  ledger constant regclass[] := array['app_public.transactions', 'app_public.transaction_dispositions'];
  constraint_definitions text[];
  index_definitions text[];
  definition text;
  first_id bigint;
  shard_offset integer;
  last_no integer;
  loaded integer;
begin
  truncate app_public.transactions, app_public.transaction_dispositions;

  select array_agg(c.definition order by c.contype <> 'p', c.definition) into constraint_definitions
  from (
    select k.contype, format('alter table %s add constraint %I %s', k.conrelid::regclass, k.conname,
      pg_get_constraintdef(k.oid)) as definition
    from pg_constraint as k
    where k.contype = 'p' and k.conrelid = any (ledger) or k.contype = 'f' and k.confrelid = any (ledger)
  ) as c;
  select array_agg(pg_get_indexdef(i.indexrelid)) into index_definitions
  from pg_index as i
  where i.indrelid = any (ledger) and not i.indisprimary;
  for definition in
    select format('alter table %s drop constraint %I', k.conrelid::regclass, k.conname)
    from pg_constraint as k
    where k.contype = 'p' and k.conrelid = any (ledger) or k.contype = 'f' and k.confrelid = any (ledger)
    order by k.contype
  loop
    execute definition;
  end loop;
  for definition in
    select format('drop index %s', i.indexrelid::regclass) from pg_index as i where i.indrelid = any (ledger)
  loop
    execute definition;
  end loop;

  select coalesce(max(c.candidate_no) filter (where c.shard = 0), 0), coalesce(max(c.candidate_no) filter (where c.shard = 1), 0)
  into shard_offset, last_no
  from app_private.dvf_candidates as c
  where c.release_id = release;
  first_id := nextval('app_private.transaction_id_seq');
  perform setval('app_private.transaction_id_seq', first_id + shard_offset + last_no);

  insert into app_public.transactions (
    id, sold_on, nature, price_eur, property_type, insee_code, parent_insee_code, department_code, postal_code,
    street_number, street_suffix, street_name, street_code, insee_codes, parcel_ids, disposition_count,
    disposition_no, document_service, document_reference, line_count, house_count, flat_count, annex_count,
    commercial_count, is_count_certain, lot_count, built_surface_m2, dwelling_surface_m2, carrez_surface_m2,
    room_count, land_surface_m2, longitude, latitude, price_per_m2, price_per_m2_reason, identity_basis,
    mutation_is_partial, evidence, content_digest, line_release_id, added_release_id, changed_release_id
  )
  select first_id + c.shard * shard_offset + c.candidate_no, c.sold_on, c.nature, c.price_cents * 0.01,
    c.property_type, c.insee_code, i.parent_insee_code, c.department_code, c.postal_code,
    c.street_number, c.street_suffix, c.street_name, c.street_code, c.insee_codes, c.parcel_ids, c.disposition_count,
    c.disposition_no, c.document_service, c.document_reference, c.line_count, c.house_count, c.flat_count,
    c.annex_count, c.commercial_count, c.is_count_certain, c.lot_count, c.built_surface_m2, c.dwelling_surface_m2,
    c.carrez_surface_m2, c.room_count, c.land_surface_m2, c.longitude, c.latitude, c.price_per_m2_cents * 0.01,
    c.price_per_m2_reason, c.identity_basis, c.mutation_is_partial, c.evidence, c.content_digest,
    release, release, release
  from app_private.dvf_candidates as c
  join app_public.cities as i on i.insee_code = c.insee_code
  where c.release_id = release;
  get diagnostics loaded = row_count;

  insert into app_public.transaction_dispositions
    (transaction_id, ordinal, disposition_no, price_eur, parcel_ids, line_count, document_service, document_reference)
  select first_id + c.shard * shard_offset + c.candidate_no, 1, c.disposition_no, c.price_cents * 0.01, c.parcel_ids,
    c.line_count, c.document_service, c.document_reference
  from app_private.dvf_candidates as c
  where c.release_id = release and c.disposition_count = 1
  union all
  select first_id + d.shard * shard_offset + d.candidate_no, d.ordinal, d.disposition_no, d.price_cents * 0.01,
    d.parcel_ids, d.line_count, d.document_service, d.document_reference
  from app_private.dvf_candidate_dispositions as d
  where d.release_id = release;

  execute format($sql$
    create table app_public.%1$I as
    select %2$s as release_id, t.id as transaction_id, 'added'::app_base.change_kind as kind,
      null::text collate "C" as field_name, null::jsonb as old_value, null::jsonb as new_value
    from app_public.transactions as t
    $sql$, 'transaction_changes_' || release, release);
  perform app_private.attach_transaction_changes(release);

  foreach definition in array constraint_definitions || index_definitions loop
    execute definition;
  end loop;
  -- What plans rest on; autovacuum sees to the other columns.
  analyze app_public.transactions (sold_on, insee_code, department_code, price_eur, property_type, content_digest);
  return loaded;
end
$$;

comment on function app_private.load_first_dvf_release(integer) is $$
Fills an empty ledger with the candidates of a release; returns how many transactions that makes.
Part of app_private.apply_dvf_release.
$$;
