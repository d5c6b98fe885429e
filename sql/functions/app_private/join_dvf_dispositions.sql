-- requires: sql/functions/app_private/settle_dvf_components.sql
-- A parcel speaks louder than a section: dispositions that share a parcel are joined first, and only a
-- group that still lacks a disposition 1 looks for it in its sections. A group in which one number would
-- stand twice is two deeds of one day and place, and the lines do not say whose the rest is.

create function app_private.join_dvf_dispositions()
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  -- Every disposition of a section and day on which a disposition 2 or more is known.
  create temporary table dvf_place on commit drop as
  select coalesce(j.disposition_digest, u.unit_digest) as disposition_digest, u.disposition_no,
    u.sold_on, u.nature, u.section_id, p.parcel_id
  from pg_temp.dvf_unit as u
  left join pg_temp.dvf_join as j using (unit_digest)
  cross join unnest(u.parcel_ids) as p (parcel_id)
  where u.document_reference is null
    and (u.sold_on, u.nature, u.section_id) in (
      select h.sold_on, h.nature, h.section_id
      from pg_temp.dvf_unit as h
      where h.disposition_no > 1 and h.document_reference is null
    );

  create temporary table dvf_node on commit drop as
  select p.disposition_digest as node, p.disposition_digest as label, array[min(p.disposition_no)] as numbers,
    null::text collate "C" as evidence, false as is_ambiguous
  from pg_temp.dvf_place as p
  group by p.disposition_digest;

  create temporary table dvf_member on commit drop as
  select n.node as disposition_digest, n.node from pg_temp.dvf_node as n;

  create temporary table dvf_edge on commit drop as
  select distinct a.disposition_digest as one, b.disposition_digest as other
  from pg_temp.dvf_place as a
  join pg_temp.dvf_place as b using (sold_on, nature, parcel_id)
  where a.disposition_no <> b.disposition_no;
  perform app_private.settle_dvf_components('parcel');

  truncate pg_temp.dvf_edge;
  insert into pg_temp.dvf_edge
  with place as (
    select distinct n.node, n.numbers, p.sold_on, p.nature, p.section_id
    from pg_temp.dvf_place as p
    join pg_temp.dvf_member as m using (disposition_digest)
    join pg_temp.dvf_node as n using (node)
    where not n.is_ambiguous
  )
  select distinct a.node, b.node
  from place as a
  join place as b using (sold_on, nature, section_id)
  where a.node <> b.node and not a.numbers && b.numbers and (1 <> all (a.numbers) or 1 <> all (b.numbers));
  perform app_private.settle_dvf_components('section');

  insert into pg_temp.dvf_join as d
  select u.unit_digest, m.disposition_digest, n.node, array_remove(array[n.evidence], null), n.is_ambiguous
  from pg_temp.dvf_member as m
  join pg_temp.dvf_node as n using (node)
  join (
    select w.unit_digest, coalesce(j.disposition_digest, w.unit_digest) as disposition_digest
    from pg_temp.dvf_unit as w
    left join pg_temp.dvf_join as j using (unit_digest)
  ) as u using (disposition_digest)
  where n.is_ambiguous or cardinality(n.numbers) > 1
  on conflict (unit_digest) do update
  set mutation_digest = excluded.mutation_digest,
    evidence = d.evidence || excluded.evidence,
    is_ambiguous = d.is_ambiguous or excluded.is_ambiguous;
end
$$;

comment on function app_private.join_dvf_dispositions() is $$
Decides which dispositions of the open edition are one mutation.

Same day and nature, different numbers, a shared parcel or, for what then still lacks a disposition 1,
a shared section. Where a number would stand twice nothing is joined and all concerned are marked
ambiguous. Reads pg_temp.dvf_unit, adds to pg_temp.dvf_join. The rule is told in full in sql/README.md.
$$;
