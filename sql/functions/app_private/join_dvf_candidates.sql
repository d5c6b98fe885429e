-- requires: sql/functions/app_private/dvf_content_digest.sql
-- requires: sql/functions/app_private/dvf_price_per_m2_reason.sql
-- requires: sql/functions/app_private/dvf_property_type.sql
-- Nearly every unit is a mutation by itself and stays as it was written, or is marked where it stands; only
-- what the rules joined is taken out and written anew. Land and premises are then counted from the lines
-- again, for two dispositions may speak of one parcel.

create function app_private.join_dvf_candidates(release integer, shard_no smallint)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
set work_mem = '128MB'
as $$
declare
  last_no integer;
begin
  create temporary table dvf_alone on commit drop as
  select any_value(j.unit_digest) as unit_digest, bool_or(j.is_ambiguous) as is_ambiguous,
    any_value(j.evidence) as evidence
  from pg_temp.dvf_join as j
  group by j.mutation_digest
  having count(*) = 1;
  analyze pg_temp.dvf_alone (unit_digest);

  update app_private.dvf_candidates as c
  set identity_basis = 'ambiguous',
    content_digest = app_private.dvf_content_digest(c.content_digest, 'ambiguous', c.mutation_is_partial, 1),
    evidence = case when a.evidence = '{}' then c.evidence else a.evidence end,
    price_per_m2_cents = null,
    price_per_m2_reason = app_private.dvf_price_per_m2_reason(c.price_cents, c.nature, 'ambiguous',
      c.mutation_is_partial, c.house_count + c.flat_count, c.commercial_count, c.is_count_certain, c.dwelling_surface_m2)
  from pg_temp.dvf_alone as a
  where a.is_ambiguous and c.mutation_digest = a.unit_digest and c.release_id = release and c.shard = shard_no;

  delete from pg_temp.dvf_join as j using pg_temp.dvf_alone as a where a.unit_digest = j.unit_digest;
  analyze pg_temp.dvf_join (unit_digest, mutation_digest);

  create temporary table dvf_joined on commit drop as
  with taken as (
    delete from app_private.dvf_candidates as c
    using pg_temp.dvf_join as j
    where j.unit_digest = c.mutation_digest and c.release_id = release and c.shard = shard_no
    returning c.*
  )
  select j.unit_digest, j.mutation_digest as joined_digest, j.disposition_digest, j.evidence as joined_by,
    j.is_ambiguous, t.*
  from pg_temp.dvf_join as j
  join taken as t on t.mutation_digest = j.unit_digest;
  analyze pg_temp.dvf_joined (unit_digest, joined_digest);

  select count(*) into last_no from pg_temp.dvf_brief;

  create temporary table dvf_disposition on commit drop as
  select j.joined_digest, j.disposition_digest,
    any_value(j.disposition_no) as disposition_no,
    any_value(j.price_cents) as price_cents,
    any_value(j.document_service) as document_service,
    any_value(j.document_reference) as document_reference,
    array_agg(distinct p.parcel_id) as parcel_ids,
    sum(j.line_count) filter (where p.nth = 1)::integer as line_count
  from pg_temp.dvf_joined as j
  cross join unnest(j.parcel_ids) with ordinality as p (parcel_id, nth)
  group by j.joined_digest, j.disposition_digest;

  insert into app_private.dvf_candidates
  with line as (
    select j.joined_digest, n.parcel_id, n.premises_type, n.premises_digest, n.land_digest,
      max(n.land_surface_m2) as land_surface_m2, count(distinct n.unit_digest) as unit_count
    from app_private.dvf_lines as n
    join pg_temp.dvf_joined as j using (unit_digest)
    where n.release_id = release and n.shard = shard_no
    group by j.joined_digest, n.parcel_id, n.premises_type, n.premises_digest, n.land_digest
  ), land as (
    select u.joined_digest, sum(u.land_surface_m2)::integer as land_surface_m2
    from (
      select l.joined_digest, max(l.land_surface_m2) as land_surface_m2
      from line as l
      group by l.joined_digest, l.parcel_id, l.land_digest
    ) as u
    group by u.joined_digest
  ), shared as (
    select l.joined_digest
    from line as l
    where l.premises_type is not null and l.unit_count > 1
    group by l.joined_digest
  ), priced as (
    select d.joined_digest, count(*)::integer as disposition_count, min(d.disposition_no) as first_disposition_no,
      case when bool_and(d.price_cents is not null) then sum(d.price_cents)::bigint end as price_cents
    from pg_temp.dvf_disposition as d
    group by d.joined_digest
  ), placed as (
    select j.joined_digest, array_agg(distinct p.parcel_id) as parcel_ids,
      array_agg(distinct j.insee_code) as insee_codes
    from pg_temp.dvf_joined as j
    cross join unnest(j.parcel_ids) as p (parcel_id)
    group by j.joined_digest
  ), explained as (
    select j.joined_digest, array_agg(distinct e.evidence) as evidence
    from pg_temp.dvf_joined as j
    cross join unnest(j.joined_by) as e (evidence)
    group by j.joined_digest
  ), counted as (
    select j.joined_digest,
      (array_agg(j.unit_digest order by j.main_premises, j.content_digest))[1] as main_unit_digest,
      bit_xor(j.content_digest) as digest, bool_or(j.is_ambiguous) as is_ambiguous,
      sum(j.line_count)::integer as line_count,
      sum(j.house_count)::integer as house_count, sum(j.flat_count)::integer as flat_count,
      sum(j.annex_count)::integer as annex_count, sum(j.commercial_count)::integer as commercial_count,
      bool_and(j.is_count_certain) as is_count_certain, sum(j.lot_count)::integer as lot_count,
      sum(j.principal_parcel_count)::integer as principal_parcel_count,
      bool_or(j.has_several_lot_sets) as has_several_lot_sets,
      sum(j.built_surface_m2)::integer as built_surface_m2,
      sum(j.dwelling_surface_m2)::integer as dwelling_surface_m2,
      sum(j.carrez_surface_m2) as carrez_surface_m2, sum(j.room_count)::integer as room_count
    from pg_temp.dvf_joined as j
    group by j.joined_digest
  )
  select release, shard_no, last_no + row_number() over (), c.joined_digest, m.key_digest,
    app_private.dvf_content_digest(c.digest, b.identity_basis, b.mutation_is_partial, p.disposition_count),
    m.main_premises, m.sold_on, m.nature, p.disposition_count, p.first_disposition_no,
    m.document_service, m.document_reference, p.price_cents,
    app_private.dvf_property_type(
      c.house_count, c.flat_count, c.commercial_count, c.annex_count, g.land_surface_m2, m.nature),
    m.section_id, m.insee_code, m.department_code, m.postal_code,
    m.street_number, m.street_suffix, m.street_name, m.street_code, m.longitude, m.latitude,
    l.insee_codes, l.parcel_ids, c.line_count,
    c.house_count, c.flat_count, c.annex_count, c.commercial_count, b.is_count_certain, c.lot_count,
    c.principal_parcel_count, c.has_several_lot_sets,
    c.built_surface_m2, c.dwelling_surface_m2, c.carrez_surface_m2, c.room_count, g.land_surface_m2,
    case when r.reason is null then (p.price_cents + c.dwelling_surface_m2 / 2) / c.dwelling_surface_m2 end,
    r.reason, b.identity_basis, b.mutation_is_partial,
    coalesce(e.evidence, m.evidence)
  from counted as c
  join pg_temp.dvf_joined as m on m.unit_digest = c.main_unit_digest
  join priced as p on p.joined_digest = c.joined_digest
  join placed as l on l.joined_digest = c.joined_digest
  join land as g on g.joined_digest = c.joined_digest
  left join shared as s on s.joined_digest = c.joined_digest
  left join explained as e on e.joined_digest = c.joined_digest
  cross join lateral (
    select case when m.document_reference is not null then 'reference'::app_base.identity_basis
        when c.is_ambiguous then 'ambiguous' else 'evidence' end as identity_basis,
      p.first_disposition_no > 1 as mutation_is_partial,
      c.is_count_certain and s.joined_digest is null as is_count_certain
  ) as b
  cross join lateral (
    select app_private.dvf_price_per_m2_reason(p.price_cents, m.nature, b.identity_basis, b.mutation_is_partial,
      c.house_count + c.flat_count, c.commercial_count, b.is_count_certain, c.dwelling_surface_m2) as reason
  ) as r;

  analyze pg_temp.dvf_disposition (joined_digest);

  insert into app_private.dvf_candidate_dispositions
  select release, shard_no, c.candidate_no,
    row_number() over (partition by c.candidate_no order by d.disposition_no, d.price_cents, d.parcel_ids),
    d.disposition_no, d.price_cents, d.parcel_ids, d.line_count, d.document_service, d.document_reference
  from app_private.dvf_candidates as c
  join pg_temp.dvf_disposition as d on d.joined_digest = c.mutation_digest
  where c.release_id = release and c.shard = shard_no and c.disposition_count > 1;
end
$$;

comment on function app_private.join_dvf_candidates(integer, smallint) is $$
Replaces the candidates that pg_temp.dvf_join speaks of by the mutations they are joined into.

A mutation's price is the sum of its dispositions, null when one of them has none; land counts once per
parcel and land use; premises that two dispositions both name make the count uncertain.
Part of app_private.group_dvf_shard.
$$;
