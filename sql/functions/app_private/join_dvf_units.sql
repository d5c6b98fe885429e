-- What published lines can tell was measured on the real files. A price that is no multiple of 100 € met
-- twice on one day in one département was nearly always one deed; a round price recurs all the time, and
-- of the places under one that each carried premises of their own, 156 in 164 were separate sales.

create function app_private.join_dvf_units(release integer, shard_no smallint)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
set work_mem = '128MB'
as $$
begin
  -- What may have to be joined or doubted.
  create temporary table dvf_open on commit drop as
  select b.*
  from pg_temp.dvf_brief as b
  where b.document_reference is not null
    or b.price_cents is null
    or b.principal_parcel_count > 1
    or b.key_digest in (select k.key_digest from pg_temp.dvf_brief as k group by k.key_digest having count(*) > 1)
    or (b.sold_on, b.nature, b.section_id) in (
      select h.sold_on, h.nature, h.section_id from pg_temp.dvf_brief as h where h.disposition_no > 1);
  analyze pg_temp.dvf_open (unit_digest);

  create temporary table dvf_unit on commit drop as
  select o.*, c.parcel_ids
  from pg_temp.dvf_open as o
  join app_private.dvf_candidates as c on c.mutation_digest = o.unit_digest
  where c.release_id = release and c.shard = shard_no;
  analyze pg_temp.dvf_unit (unit_digest);

  -- Only the units that do not simply stand for themselves.
  create temporary table dvf_join (
    unit_digest bigint primary key,
    disposition_digest bigint not null,
    mutation_digest bigint not null,
    evidence text[] collate "C" not null,
    is_ambiguous boolean not null
  ) on commit drop;

  insert into pg_temp.dvf_join
  select u.unit_digest,
    min(u.unit_digest) over (partition by u.key_digest),
    min(u.unit_digest) over (partition by u.document_service, u.document_reference),
    array['reference'], false
  from pg_temp.dvf_unit as u
  where u.document_reference is not null;

  insert into pg_temp.dvf_join
  with placed as (
    select u.unit_digest, u.price_cents % 10000 <> 0 as is_price_telling, u.principal_parcel_count,
      count(*) over one_key as key_unit_count,
      min(u.unit_digest) over one_key as key_first,
      min(u.principal_parcel_count) over one_key = 0 as has_bare_place,
      count(*) filter (where u.principal_parcel_count > 0) over one_commune as commune_principal_count,
      count(*) over one_commune as commune_unit_count,
      min(u.unit_digest) over one_commune as commune_first
    from pg_temp.dvf_unit as u
    where u.document_reference is null and u.price_cents is not null
    window one_key as (partition by u.key_digest), one_commune as (partition by u.key_digest, u.insee_code)
  ), judged as (
    select p.*, p.commune_principal_count <= 1 and p.commune_unit_count > 1 as is_commune_joined
    from placed as p
    where p.key_unit_count > 1 and (p.is_price_telling or p.has_bare_place)
  )
  select j.unit_digest, d.disposition_digest, d.disposition_digest,
    case when j.is_price_telling then array['price'] when j.is_commune_joined then array['commune'] else '{}' end,
    not j.is_price_telling
  from judged as j
  cross join lateral (
    select case
      when j.is_price_telling then j.key_first
      when j.is_commune_joined then j.commune_first
      else j.unit_digest
    end as disposition_digest
  ) as d;

  -- One round price on two parcels of a section that could each have been sold alone; and without a price
  -- every sale of a day looks alike, so several parcels or several sets of lots may be several sales.
  insert into pg_temp.dvf_join as d
  select u.unit_digest, u.unit_digest, u.unit_digest, array['section'], true
  from pg_temp.dvf_unit as u
  where u.document_reference is null
    and (u.principal_parcel_count > 1 and u.price_cents % 10000 = 0
      or u.price_cents is null and (u.parcel_count > 1 or u.has_several_lot_sets))
  on conflict (unit_digest) do update set is_ambiguous = true;
  analyze pg_temp.dvf_join (unit_digest, mutation_digest);
end
$$;

comment on function app_private.join_dvf_units(integer, smallint) is $$
Decides which sections of one price, day, nature and disposition number are one disposition.

A reference joins them, and so does a price that is no multiple of 100 €. Under a round price each
section with premises of its own is a sale of its own; where one has none, the lines cannot decide:
it is taken with the rest of its commune and marked ambiguous. Draws pg_temp.dvf_unit from
pg_temp.dvf_brief and writes pg_temp.dvf_join, both for app_private.group_dvf_shard. The rule is told in full in sql/README.md.
$$;
