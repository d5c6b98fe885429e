-- requires: sql/functions/app_private/dvf_content_digest.sql
-- requires: sql/functions/app_private/dvf_price_per_m2_reason.sql
-- requires: sql/functions/app_private/dvf_property_type.sql
-- One sort carries three levels of counting. Lines are premises × land uses of one parcel, so k identical
-- premises beside m land uses make k·m lines: a premises' lines divided by its distinct land uses gives k,
-- and the product is complete when every premises of the parcel shows the same land uses, each k times.
-- The digests the reader wrote stand for the columns they digest: sorting four integers and a parcel is
-- what makes this affordable. The digest of a premises' lines is of their sum: an exclusive or would lose the
-- lines that stand twice.

create function app_private.collect_dvf_units(release integer, shard_no smallint)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
set work_mem = '256MB'
set enable_hashagg = off
set enable_mergejoin = off
set max_parallel_workers_per_gather = 0
as $$
declare
  repeated integer := 0;
begin
  create temporary table dvf_repeat (source_no smallint, line_no integer) on commit drop;

  -- A line met in two overlapping files counts once, and a line repeated inside one file counts as often
  -- as the file that repeats it most.
  if exists (
    select from app_private.dvf_lines as l where l.release_id = release and l.shard = shard_no and l.source_no > 1
  ) then
    insert into pg_temp.dvf_repeat
    select ranked.source_no, ranked.line_no
    from (
      select l.source_no, l.line_no,
        row_number() over (partition by l.fingerprint, l.nth order by l.source_no) as copy_no
      from (
        select n.fingerprint, n.source_no, n.line_no,
          row_number() over (partition by n.fingerprint, n.source_no order by n.line_no) as nth
        from app_private.dvf_lines as n
        where n.release_id = release and n.shard = shard_no
          and n.fingerprint in (
            select o.fingerprint
            from app_private.dvf_lines as o
            where o.release_id = release and o.shard = shard_no
            group by o.fingerprint
            having min(o.source_no) <> max(o.source_no)
          )
      ) as l
    ) as ranked
    where ranked.copy_no > 1;
    get diagnostics repeated = row_count;
    analyze pg_temp.dvf_repeat;
  end if;

  -- What the joining rules ask of a unit, drawn off on the way: many passes over a tenth of the bytes.
  create temporary table dvf_brief (
    unit_digest bigint,
    key_digest bigint,
    price_cents bigint,
    sold_on date,
    nature app_base.mutation_nature,
    disposition_no integer,
    document_service text collate "C",
    document_reference text collate "C",
    section_id text collate "C",
    insee_code text collate "C",
    parcel_count integer,
    principal_parcel_count integer,
    has_several_lot_sets boolean
  ) on commit drop;

  with premises as (
    select l.unit_digest, l.parcel_id, l.premises_digest,
      count(*)::integer as line_count,
      count(distinct l.land_digest)::integer as land_use_count,
      sum(l.land_digest) as land_sum,
      sum(distinct l.land_digest) as distinct_land_sum,
      sum(l.land_surface_m2) as land_surface_m2,
      min(l.line_ref) as line_ref,
      any_value(l.premises_type) as premises_type,
      any_value(l.built_surface_m2) as built_surface_m2,
      any_value(l.room_count)::integer as room_count,
      any_value(l.lot_count)::integer as lot_count,
      any_value(l.carrez_surface_m2) as carrez_surface_m2,
      hash_numeric_extended(sum(l.fingerprint), count(*)) as digest
    from (
      select n.unit_digest, n.parcel_id, n.premises_digest, n.land_digest, n.land_surface_m2,
        (n.source_no::bigint << 32) | n.line_no as line_ref,
        n.premises_type, n.built_surface_m2, n.room_count, n.lot_count, n.carrez_surface_m2, n.fingerprint
      from app_private.dvf_lines as n
      where n.release_id = release and n.shard = shard_no
        and (repeated = 0 or not exists (
          select from pg_temp.dvf_repeat as r where r.source_no = n.source_no and r.line_no = n.line_no
        ))
      order by n.unit_digest, n.parcel_id, n.premises_digest, n.land_digest
    ) as l
    group by l.unit_digest, l.parcel_id, l.premises_digest
  ), counted as (
    select p.*,
      p.line_count / p.land_use_count as copies,
      p.line_count % p.land_use_count = 0
        and p.land_sum = (p.line_count / p.land_use_count) * p.distinct_land_sum as is_even,
      row_number() over parcel = 1 as is_first,
      first_value(p.land_use_count) over parcel as first_land_use_count,
      first_value(p.distinct_land_sum) over parcel as first_land_sum
    from premises as p
    window parcel as (partition by p.unit_digest, p.parcel_id order by p.premises_digest rows unbounded preceding)
  ), unit as (
    select c.unit_digest,
      array_agg(c.parcel_id) filter (where c.is_first) as parcel_ids,
      sum(c.line_count)::integer as line_count,
      coalesce(sum(c.copies) filter (where c.premises_type = 'house'), 0)::integer as house_count,
      coalesce(sum(c.copies) filter (where c.premises_type = 'flat'), 0)::integer as flat_count,
      coalesce(sum(c.copies) filter (where c.premises_type = 'annex'), 0)::integer as annex_count,
      coalesce(sum(c.copies) filter (where c.premises_type = 'commercial'), 0)::integer as commercial_count,
      bool_and(c.premises_type is null
        or c.is_even and c.land_use_count = c.first_land_use_count and c.distinct_land_sum = c.first_land_sum)
        as is_count_certain,
      sum(c.lot_count)::integer as lot_count,
      sum(c.copies * c.built_surface_m2)::integer as built_surface_m2,
      sum(c.copies * c.built_surface_m2) filter (where c.premises_type <= 'flat')::integer as dwelling_surface_m2,
      sum(c.carrez_surface_m2) as carrez_surface_m2,
      sum(c.copies * c.room_count) filter (where c.premises_type <= 'flat')::integer as room_count,
      sum((c.land_surface_m2 / c.copies)::integer) filter (where c.is_first)::integer as land_surface_m2,
      count(*) filter (where c.is_first and c.premises_type <> 'annex')::integer as principal_parcel_count,
      bit_xor(c.digest) as digest,
      min(array[c.premises_digest, c.line_ref]) filter (where c.is_first) as main_premises
    from counted as c
    group by c.unit_digest
  ), written as (
    insert into app_private.dvf_candidates
    select release, shard_no, row_number() over (), u.unit_digest, n.key_digest,
      app_private.dvf_content_digest(u.digest, b.identity_basis, b.mutation_is_partial, 1),
      u.main_premises[1], n.sold_on, n.nature, 1, n.disposition_no, n.document_service, n.document_reference,
      n.price_cents,
      app_private.dvf_property_type(
        u.house_count, u.flat_count, u.commercial_count, u.annex_count, u.land_surface_m2, n.nature),
      left(n.parcel_id, 10), n.insee_code, n.department_code, n.postal_code,
      n.street_number, n.street_suffix, n.street_name, n.street_code, n.longitude, n.latitude,
      array[n.insee_code], u.parcel_ids, u.line_count,
      u.house_count, u.flat_count, u.annex_count, u.commercial_count, u.is_count_certain, u.lot_count,
      u.principal_parcel_count, v.unit_digest is not null,
      u.built_surface_m2, u.dwelling_surface_m2, u.carrez_surface_m2, u.room_count, u.land_surface_m2,
      case when r.reason is null then (n.price_cents + u.dwelling_surface_m2 / 2) / u.dwelling_surface_m2 end,
      r.reason, b.identity_basis, b.mutation_is_partial,
      case
        when n.document_reference is not null then array['reference']
        when cardinality(u.parcel_ids) = 1 then array['parcel']
        else array['section']
      end
    from unit as u
    join app_private.dvf_lines as n on (n.source_no::bigint << 32) | n.line_no = u.main_premises[2]
    left join (
      select o.unit_digest
      from app_private.dvf_lines as o
      where o.release_id = release and o.shard = shard_no and o.price_cents is null
      group by o.unit_digest
      having count(distinct coalesce(o.lots, '{}')) > 1
    ) as v on v.unit_digest = u.unit_digest
    cross join lateral (
      select case when n.document_reference is null then 'evidence'::app_base.identity_basis else 'reference' end
          as identity_basis,
        n.disposition_no > 1 as mutation_is_partial
    ) as b
    cross join lateral (
      select app_private.dvf_price_per_m2_reason(n.price_cents, n.nature, b.identity_basis, b.mutation_is_partial,
        u.house_count + u.flat_count, u.commercial_count, u.is_count_certain, u.dwelling_surface_m2) as reason
    ) as r
    where n.release_id = release and n.shard = shard_no
    returning mutation_digest, key_digest, price_cents, sold_on, nature, disposition_no, document_service,
      document_reference, section_id, insee_code, cardinality(parcel_ids), principal_parcel_count, has_several_lot_sets
  )
  insert into pg_temp.dvf_brief
  select * from written;
  analyze pg_temp.dvf_brief (unit_digest, key_digest, section_id, sold_on, disposition_no);

  return repeated;
end
$$;

comment on function app_private.collect_dvf_units(integer, smallint) is $$
Counts what the lines of one shard of a release say, section by section, and writes each as a candidate (and, in brief, to
pg_temp.dvf_brief for the rules that join them).

A unit is the lines of one price, day, nature, disposition number and section. Premises are derived from
lines as premises × land uses; built surface counts once per premises, land once per parcel. The answer
is the number of lines left out because another file of the release brought them already.

Part of app_private.group_dvf_shard.
$$;
