-- requires: sql/functions/app_private/attach_transaction_changes.sql
-- requires: sql/functions/app_private/match_dvf_release.sql
-- requires: sql/functions/app_private/insert_transactions.sql
-- requires: sql/functions/app_private/transaction_images.sql
-- `offset 0` keeps the planner from dissolving a subquery, which would make its jsonb anew for every field.

create function app_private.merge_dvf_release(
  release integer, out added_count integer, out corrected_count integer, out withdrawn_count integer
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  perform app_private.match_dvf_release(release);

  create temporary table dvf_merge on commit drop as
  select coalesce(m.id, nextval('app_private.transaction_id_seq')) as id, m.id is not null as is_correction,
    coalesce(m.is_tied, false) as is_tied, n.shard, n.candidate_no
  from pg_temp.dvf_new as n
  left join pg_temp.dvf_match as m using (shard, candidate_no);
  create unique index on pg_temp.dvf_merge (id);

  insert into app_private.transaction_versions (release_id, transaction_id, image)
  select release, i.transaction_id, i.image
  from app_private.transaction_images(array(select g.id from pg_temp.dvf_gone as g)) as i;

  create temporary table dvf_row on commit drop as
  select m.id, c.sold_on, c.nature, (c.price_cents * 0.01)::numeric(14, 2) as price_eur, c.property_type, c.insee_code,
    i.parent_insee_code, c.department_code, c.postal_code, c.street_number, c.street_suffix, c.street_name, c.street_code,
    c.insee_codes, c.parcel_ids, c.disposition_count, c.disposition_no, c.document_service, c.document_reference,
    c.line_count, c.house_count, c.flat_count, c.annex_count, c.commercial_count, c.is_count_certain, c.lot_count,
    c.built_surface_m2, c.dwelling_surface_m2, c.carrez_surface_m2::numeric(9, 2) as carrez_surface_m2, c.room_count,
    c.land_surface_m2, coalesce(c.longitude, g.longitude) as longitude, coalesce(c.latitude, g.latitude) as latitude,
    (c.price_per_m2_cents * 0.01)::numeric(10, 2) as price_per_m2, c.price_per_m2_reason,
    case when m.is_tied then 'ambiguous' else c.identity_basis end as identity_basis,
    c.mutation_is_partial, c.evidence, c.content_digest, release as line_release_id,
    coalesce(g.added_release_id, release) as added_release_id, release as changed_release_id,
    null::integer as located_release_id
  from pg_temp.dvf_merge as m
  join pg_temp.dvf_new as c using (shard, candidate_no)
  join app_public.cities as i on i.insee_code = c.insee_code
  left join pg_temp.dvf_gone as g on g.id = m.id;
  create unique index on pg_temp.dvf_row (id);

  execute format('create table app_public.%I (like app_public.transaction_changes)', 'transaction_changes_' || release);
  execute format($sql$
    insert into app_public.%I
    select $1, m.id, 'added'::app_base.change_kind, null::text, null::jsonb, null::jsonb
    from pg_temp.dvf_merge as m
    where not m.is_correction
    union all
    select $1, g.id, 'withdrawn', null::text, null::jsonb, null::jsonb
    from pg_temp.dvf_gone as g
    where not exists (select from pg_temp.dvf_match as m where m.id = g.id)
    union all
    select $1, g.id, 'corrected', f.key, f.value, b.new_row -> f.key
    from pg_temp.dvf_gone as g
    join pg_temp.dvf_row as r on r.id = g.id
    cross join lateral (select to_jsonb(g) as old_row, to_jsonb(r) as new_row offset 0) as b
    cross join lateral jsonb_each(b.old_row) as f
    where f.value is distinct from b.new_row -> f.key
      and f.key not in ('content_digest', 'line_release_id', 'changed_release_id', 'located_release_id', 'evidence',
        'longitude', 'latitude', 'location', 'price_per_m2', 'price_per_m2_reason', 'line_count')
    $sql$, 'transaction_changes_' || release) using release;
  perform app_private.attach_transaction_changes(release);

  delete from app_public.transaction_dispositions as d using pg_temp.dvf_gone as g where d.transaction_id = g.id;
  delete from app_public.transactions as t using pg_temp.dvf_gone as g where t.id = g.id;
  perform app_private.insert_transactions('pg_temp.dvf_row');
  insert into app_public.transaction_dispositions
    (transaction_id, ordinal, disposition_no, price_eur, parcel_ids, line_count, document_service, document_reference)
  select m.id, 1, c.disposition_no, c.price_cents * 0.01, c.parcel_ids, c.line_count, c.document_service,
    c.document_reference
  from pg_temp.dvf_merge as m
  join pg_temp.dvf_new as c using (shard, candidate_no)
  where c.disposition_count = 1
  union all
  select m.id, d.ordinal, d.disposition_no, d.price_cents * 0.01, d.parcel_ids, d.line_count, d.document_service,
    d.document_reference
  from pg_temp.dvf_merge as m
  join app_private.dvf_candidate_dispositions as d using (shard, candidate_no)
  where d.release_id = release;

  -- The raw form has no coordinates: a sale that is word for word the same takes them from a release that has.
  update app_public.transactions as t
  set longitude = c.longitude, latitude = c.latitude, located_release_id = release
  from pg_temp.dvf_compared as c
  where t.id = c.id and c.candidate_no is not null;

  select count(*) filter (where not m.is_correction), count(*) filter (where m.is_correction)
  into added_count, corrected_count
  from pg_temp.dvf_merge as m;
  select count(*) - corrected_count into withdrawn_count from pg_temp.dvf_gone;
end
$$;

comment on function app_private.merge_dvf_release(integer) is $$
Brings the ledger to what a release says inside its scope and records every change.

Withdrawn and corrected sales keep their earlier image in app_private.transaction_versions; corrected ones
keep their id. Coordinates that a release lacks are kept from before; coordinates, line counts and what is
computed from other fields make no change record of their own, and a sale without coordinates
takes those that an otherwise unchanged line now has. Part of app_private.apply_dvf_release.
$$;
