-- requires: sql/functions/app_private/applied_release.sql
-- requires: sql/functions/app_private/covered_until.sql
-- requires: sql/functions/app_private/is_market_sale.sql
-- requires: sql/functions/app_private/past_sale.sql
-- requires: sql/functions/app_private/sale_images_between.sql
-- requires: sql/functions/app_private/sales_as_of.sql
-- requires: sql/types/app_public/release_median_difference.sql
-- security definer: past images are private; only app_analyst, who sees every present sale, may call this.

create function app_public.diff_release_medians(release_a text, release_b text, commune text default null)
returns setof app_public.release_median_difference
language plpgsql
stable
security definer
rows 1000
set search_path = pg_catalog, pg_temp
as $$
declare
  a app_public.dvf_releases := app_private.applied_release(release_a);
  b app_public.dvf_releases := app_private.applied_release(release_b);
  communes text[] := case when commune is not null then array[commune] end;
begin
  if a.applied_order > b.applied_order then
    raise exception 'release % was applied after %', release_a, release_b
      using errcode = 'PC400', hint = 'Name the earlier release first.';
  end if;
  if commune is null then
    select coalesce(array_agg(distinct p.insee_code), '{}') into communes
    from app_private.sale_images_between(a.applied_order, b.applied_order, null) as i
    cross join lateral (
      values
        (i.before_image ->> 'insee_code'), (i.before_image ->> 'parent_insee_code'),
        (i.after_image ->> 'insee_code'), (i.after_image ->> 'parent_insee_code')
    ) as p (insee_code)
    where p.insee_code is not null;
  end if;

  return query
  with
    covered as materialized (
      select c.department_code, c.covered_until from app_private.covered_until(a.applied_order) as c
    ),
    known_a as materialized (
      select s.id, s.insee_code, s.parent_insee_code, s.property_type, s.nature, s.price_eur, s.price_per_m2,
        app_private.is_market_sale(s) as counts
      from app_private.sales_as_of(a.applied_order, communes) as s
    ),
    known_b as materialized (
      select s.id, s.insee_code, s.parent_insee_code, s.property_type, s.nature, s.price_eur, s.price_per_m2,
        app_private.is_market_sale(s) as counts, s.sold_on, s.department_code
      from app_private.sales_as_of(b.applied_order, communes) as s
    ),
    -- A sale that moved to another commune was in A, though not among the sales of these communes.
    moved as materialized (
      select i.transaction_id as id
      from app_private.sale_images_between(a.applied_order, b.applied_order, communes) as i
      where i.before_image is not null and i.after_image is not null
    ),
    stages as (
      -- Each sale with the last stage at which it counts as A knew it (0) and the first as B knows it (1, 2, 3).
      select k.id, k.insee_code, k.parent_insee_code, k.property_type, k.nature, k.price_eur, k.price_per_m2,
        0 as stage
      from known_a as k
      where k.counts
      union all
      select k.id, k.insee_code, k.parent_insee_code, k.property_type, k.nature, k.price_eur, k.price_per_m2,
        case
          when exists (select from known_a as o where o.id = k.id)
            or exists (select from moved as o where o.id = k.id) then 1
          when k.sold_on < c.covered_until then 2
          else 3
        end
      from known_b as k
      left join covered as c on c.department_code = k.department_code
      where k.counts
    ),
    placed as (
      select p.insee_code, s.property_type, s.nature, s.id, s.stage, s.price_eur, s.price_per_m2
      from stages as s
      cross join lateral (values (s.insee_code), (s.parent_insee_code)) as p (insee_code)
      where p.insee_code = any (communes)
    ),
    pairs as (
      select insee_code, property_type, nature, coalesce(x.id, y.id) as id, x.id is not null as in_a, y.stage,
        (x.id is not null and y.stage = 1
          and (x.price_eur, x.price_per_m2) is distinct from (y.price_eur, y.price_per_m2)) as is_figure_corrected,
        -- In this group on one side only, though both releases know the sale.
        (x.id is null and y.stage = 1
          or y.id is null and exists (select from known_b as o where o.id = x.id)
          or y.id is null and exists (select from moved as o where o.id = x.id)) as is_place_corrected,
        x.price_eur as price_a, x.price_per_m2 as m2_a, y.price_eur as price_b, y.price_per_m2 as m2_b
      from (select p.* from placed as p where p.stage = 0) as x
      full join (select p.* from placed as p where p.stage > 0) as y using (insee_code, property_type, nature, id)
    ),
    figures as (
      select
        p.insee_code, p.property_type, p.nature,
        count(*) filter (where p.in_a) as count_a,
        count(p.stage) as count_b,
        count(*) filter (where p.stage = 1) as count_corrected,
        count(*) filter (where p.stage <= 2) as count_late,
        count(p.m2_a) filter (where p.in_a) as m2_count_a,
        count(p.m2_b) as m2_count_b,
        count(p.m2_b) filter (where p.stage = 1) as m2_count_corrected,
        count(p.m2_b) filter (where p.stage <= 2) as m2_count_late,
        count(*) filter (where p.is_figure_corrected or p.is_place_corrected) as corrected,
        count(*) filter (where p.stage is null and not p.is_place_corrected) as withdrawn,
        percentile_cont(0.5) within group (order by p.price_a) filter (where p.in_a) as price_a,
        percentile_cont(0.5) within group (order by p.price_b) filter (where p.stage = 1) as price_corrected,
        percentile_cont(0.5) within group (order by p.price_b) filter (where p.stage <= 2) as price_late,
        percentile_cont(0.5) within group (order by p.price_b) filter (where p.stage is not null) as price_b,
        percentile_cont(0.5) within group (order by p.m2_a) filter (where p.in_a) as m2_a,
        percentile_cont(0.5) within group (order by p.m2_b) filter (where p.stage = 1) as m2_corrected,
        percentile_cont(0.5) within group (order by p.m2_b) filter (where p.stage <= 2) as m2_late,
        percentile_cont(0.5) within group (order by p.m2_b) filter (where p.stage is not null) as m2_b
      from pairs as p
      group by p.insee_code, p.property_type, p.nature
    )
  select
    f.insee_code, f.property_type, f.nature,
    f.count_a::integer, f.count_b::integer, f.corrected::integer, f.withdrawn::integer,
    (f.count_late - f.count_corrected)::integer, (f.count_b - f.count_late)::integer,
    case when f.count_a >= 5 then round(f.price_a::numeric, 2) end,
    case when f.count_corrected >= 5 then round(f.price_corrected::numeric, 2) end,
    case when f.count_late >= 5 then round(f.price_late::numeric, 2) end,
    case when f.count_b >= 5 then round(f.price_b::numeric, 2) end,
    case when f.m2_count_a >= 5 then round(f.m2_a::numeric, 2) end,
    case when f.m2_count_corrected >= 5 then round(f.m2_corrected::numeric, 2) end,
    case when f.m2_count_late >= 5 then round(f.m2_late::numeric, 2) end,
    case when f.m2_count_b >= 5 then round(f.m2_b::numeric, 2) end
  from figures as f
  where f.corrected > 0 or f.withdrawn > 0 or f.count_b > f.count_corrected
  order by f.insee_code, f.property_type, f.nature;
end
$$;

comment on function app_public.diff_release_medians(text, text, text) is $$
What the step from release A to release B does to each commune's medians, late registrations apart from corrections.

One row for each commune (arrondissement; Paris, Lyon or Marseille whole), type and nature whose counted sales changed,
over all months. Medians are in € and €/m², null under five sales. `commune` narrows it to one.

    select insee_code, price_per_m2_median_a, price_per_m2_median_corrected, price_per_m2_median_late
    from app_public.diff_release_medians('2024-04', '2024-10') where property_type = 'flat' and nature = 'sale';

PC404: no release of that code is applied. PC400: B was applied before A.
$$;

grant execute on function app_public.diff_release_medians(text, text, text) to app_analyst;
