-- Most of a release is word for word what the last one said, and a digest sees that. The rest is matched on
-- facts that survive a correction, best pair first: each pair that is the best for both its sides is taken,
-- until none is left. The highest pair of all is always such a pair, so every round takes at least one.
-- How near two days or two prices are decides which pair is taken, but it is no fact: two sales alike in all
-- else whose prices both changed are matched by nearness and marked, since nobody can tell which is which.

create function app_private.match_dvf_release(release integer)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set work_mem = '128MB'
set default_statistics_target = 10
as $$
declare
  departments text[];
  first_day date;
  last_day date;
  met_departments text[];
  met_first_day date;
  met_last_day date;
begin
  select array_agg(distinct s.department_code), make_date(min(s.sold_year), 1, 1), make_date(max(s.sold_year), 12, 31)
  into departments, first_day, last_day
  from app_public.dvf_release_scopes as s
  where s.release_id = release;

  -- A line may lie outside of what its release claims to cover.
  select array_agg(c.department_code), min(c.first_day), max(c.last_day)
  into met_departments, met_first_day, met_last_day
  from (
    select n.department_code, min(n.sold_on) as first_day, max(n.sold_on) as last_day
    from app_private.dvf_candidates as n
    where n.release_id = release
    group by n.department_code
  ) as c;

  -- One pass over both sides: what stands on one only, and what is the same but for a place that is known now.
  create temporary table dvf_compared on commit drop as
  select t.id, c.shard, c.candidate_no, c.longitude, c.latitude
  from (
    select o.id, o.content_digest, o.sold_on, o.longitude
    from app_public.transactions as o
    where o.department_code = any (departments || met_departments)
      and o.sold_on between least(first_day, met_first_day) and greatest(last_day, met_last_day)
  ) as t
  full join (
    select n.content_digest, n.sold_on, n.shard, n.candidate_no, n.longitude, n.latitude
    from app_private.dvf_candidates as n
    where n.release_id = release
  ) as c on c.content_digest = t.content_digest and c.sold_on = t.sold_on
  where t.id is null or c.candidate_no is null or t.longitude is null and c.longitude is not null;
  analyze pg_temp.dvf_compared;

  create temporary table dvf_new on commit drop as
  select c.*
  from app_private.dvf_candidates as c
  where c.release_id = release
    and (c.shard, c.candidate_no) in (
      select n.shard, n.candidate_no from pg_temp.dvf_compared as n where n.id is null
    );
  create unique index on pg_temp.dvf_new (shard, candidate_no);
  analyze pg_temp.dvf_new;

  create temporary table dvf_gone on commit drop as
  select t.*
  from app_public.transactions as t
  where t.department_code = any (departments) and t.sold_on between first_day and last_day
    and t.id in (select o.id from pg_temp.dvf_compared as o where o.candidate_no is null);
  delete from pg_temp.dvf_gone as g
  where not exists (
    select from app_public.dvf_release_scopes as s
    where s.release_id = release and s.department_code = g.department_code
      and s.sold_year = date_part('year', g.sold_on)
      and (s.insee_code = '' or s.insee_code = all (g.insee_codes))
  );
  create unique index on pg_temp.dvf_gone (id);
  analyze pg_temp.dvf_gone;

  -- A town's file shows only its side of a deed that reaches into the next town. Where the ledger knows the
  -- whole deed, the part is neither new nor a correction.
  if exists (select from app_public.dvf_release_scopes as s where s.release_id = release and s.insee_code <> '') then
    delete from pg_temp.dvf_new as n
    using app_public.transactions as t
    where t.parcel_ids && n.parcel_ids and t.sold_on = n.sold_on and t.nature = n.nature
      and not exists (select from pg_temp.dvf_gone as g where g.id = t.id);
  end if;

  create temporary table dvf_pair on commit drop as
  with fact as (
    select g.id, n.shard, n.candidate_no,
      g.parcel_ids = n.parcel_ids as has_same_parcels,
      g.parcel_ids && n.parcel_ids as has_shared_parcel,
      g.sold_on = n.sold_on as has_same_day,
      abs(g.sold_on - n.sold_on) as day_distance,
      g.price_eur is not distinct from n.price_cents * 0.01 as has_same_price,
      abs(ln(g.price_eur::double precision / (n.price_cents * 0.01)::double precision)) as price_distance,
      g.nature = n.nature as has_same_nature,
      (g.house_count, g.flat_count, g.commercial_count, g.annex_count)
        = (n.house_count, n.flat_count, n.commercial_count, n.annex_count) as has_same_premises,
      g.dwelling_surface_m2 is not distinct from n.dwelling_surface_m2 as has_same_surface,
      g.room_count is not distinct from n.room_count as has_same_rooms,
      g.land_surface_m2 is not distinct from n.land_surface_m2 as has_same_land,
      g.lot_count = n.lot_count and g.carrez_surface_m2 is not distinct from n.carrez_surface_m2::numeric(9, 2)
        as has_same_lots,
      (g.street_code, g.street_number) is not distinct from (n.street_code, n.street_number) as has_same_address,
      g.disposition_no = n.disposition_no and g.disposition_count = n.disposition_count as has_same_dispositions,
      g.insee_code = n.insee_code as has_same_commune,
      left(g.parcel_ids[1], 10) = left(n.parcel_ids[1], 10) as has_same_section
    from (
      select distinct o.id, w.shard, w.candidate_no
      from pg_temp.dvf_gone as o
      cross join unnest(o.parcel_ids) as p (parcel_id)
      join (
        select v.shard, v.candidate_no, v.sold_on, v.price_cents, q.parcel_id
        from pg_temp.dvf_new as v
        cross join unnest(v.parcel_ids) as q (parcel_id)
      ) as w on w.parcel_id = p.parcel_id
      union
      select o.id, v.shard, v.candidate_no
      from pg_temp.dvf_gone as o
      join pg_temp.dvf_new as v
        on v.sold_on = o.sold_on and v.department_code = o.department_code and v.price_cents * 0.01 = o.price_eur
      union
      select o.id, v.shard, v.candidate_no
      from pg_temp.dvf_gone as o
      join pg_temp.dvf_new as v
        on left(v.parcel_ids[1], 10) = left(o.parcel_ids[1], 10)
          and v.house_count = o.house_count and v.flat_count = o.flat_count
          and v.commercial_count = o.commercial_count and v.annex_count = o.annex_count
          and v.lot_count = o.lot_count and v.sold_on between o.sold_on - 10 and o.sold_on + 10
    ) as met
    join pg_temp.dvf_gone as g on g.id = met.id
    join pg_temp.dvf_new as n on n.shard = met.shard and n.candidate_no = met.candidate_no
  ), scored as (
    select f.id, f.shard, f.candidate_no,
      case when f.has_same_day then 0 else greatest(0, 10 - f.day_distance / 10.0) end
        + case when f.has_same_price then 0 else 10 * greatest(0, 1 - coalesce(f.price_distance, 1)) end as nearness,
      40 * f.has_same_parcels::integer + 20 * f.has_shared_parcel::integer
        + 20 * f.has_same_day::integer + 20 * f.has_same_price::integer
        + 5 * f.has_same_nature::integer + 10 * f.has_same_premises::integer + 5 * f.has_same_surface::integer
        + 2 * f.has_same_rooms::integer + 3 * f.has_same_land::integer + 4 * f.has_same_lots::integer
        + 3 * f.has_same_address::integer + 4 * f.has_same_dispositions::integer
        + 3 * f.has_same_commune::integer + 3 * f.has_same_section::integer as facts
    from fact as f
    where f.has_shared_parcel and f.has_same_day
      or f.has_shared_parcel and f.has_same_price and f.has_same_premises and f.has_same_lots
        and (f.day_distance <= 92 or f.has_same_parcels and f.has_same_surface and f.has_same_dispositions)
      or f.has_same_day and f.has_same_price and f.has_same_nature and f.has_same_premises and f.has_same_surface
        and f.has_same_lots and f.has_same_dispositions
      or f.has_same_section and f.has_same_lots and f.has_same_dispositions and f.day_distance <= 10
        and (f.has_shared_parcel or f.has_same_land)
        and f.has_shared_parcel::integer + f.has_same_day::integer + f.has_same_price::integer
          + f.has_same_nature::integer + f.has_same_premises::integer + f.has_same_surface::integer >= 4
  ), topped as (
    select s.*,
      s.facts = max(s.facts) over (partition by s.id)
        and s.facts = max(s.facts) over (partition by s.shard, s.candidate_no) as is_top
    from scored as s
  )
  select t.id, t.shard, t.candidate_no, t.facts + t.nearness as score,
    t.is_top and (count(*) filter (where t.is_top) over (partition by t.id) > 1
      or count(*) filter (where t.is_top) over (partition by t.shard, t.candidate_no) > 1) as is_contested
  from topped as t;

  create temporary table dvf_match (id bigint, shard smallint, candidate_no integer, is_tied boolean) on commit drop;
  loop
    insert into pg_temp.dvf_match
    select r.id, r.shard, r.candidate_no, r.is_contested or r.old_ties > 1 or r.new_ties > 1
    from (
      select p.*,
        row_number() over (partition by p.id order by p.score desc, p.shard, p.candidate_no) as old_rank,
        row_number() over (partition by p.shard, p.candidate_no order by p.score desc, p.id) as new_rank,
        count(*) over (partition by p.id, p.score) as old_ties,
        count(*) over (partition by p.shard, p.candidate_no, p.score) as new_ties
      from pg_temp.dvf_pair as p
    ) as r
    where r.old_rank = 1 and r.new_rank = 1;
    exit when not found;
    delete from pg_temp.dvf_pair as p
    where p.id in (select m.id from pg_temp.dvf_match as m)
      or (p.shard, p.candidate_no) in (select m.shard, m.candidate_no from pg_temp.dvf_match as m);
  end loop;
  create unique index on pg_temp.dvf_match (id);
  create unique index on pg_temp.dvf_match (shard, candidate_no);
  analyze pg_temp.dvf_match;
end
$$;

comment on function app_private.match_dvf_release(integer) is $$
Compares a release's candidates with the ledger inside the release's scope.

Fills four temporary tables: dvf_compared (what stands on one side only, without the other's key, and sales without a
place that the release has one for), dvf_new (candidates the ledger does not hold word for word), dvf_gone (sales of
the ledger that the release does not hold word for word) and dvf_match (which of these are the same sale,
corrected). Two releases speak of one sale when they share a parcel and the day; or a parcel, the price and
the premises; or all but the parcel; or, in one section and within ten days, all but two of parcel, day, price,
nature, premises and surface. Part of app_private.apply_dvf_release.
$$;
