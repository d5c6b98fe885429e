-- requires: sql/functions/app_private/is_counted_sale.sql
-- requires: sql/functions/app_private/market_key.sql
-- requires: sql/functions/app_private/market_kind.sql
-- requires: sql/functions/app_private/month_number.sql
-- requires: sql/functions/app_private/quartile.sql
-- requires: sql/types/app_private/market_cell.sql
-- requires: sql/views/app_private/market_sales.sql
-- A first import computes half a million groups. Three things make that quick: places and kinds of sale are
-- numbers; each of the five ways to place a sale is sorted once and rolled up from month to quarter to year, all
-- five as arms of a parallel append; and only groups large enough to be shown sort their prices. Scratch tables are
-- not temporary because a plan that reads a temporary table is not parallel, and not unlogged because those that a
-- crash catches half made can keep the server from starting; they never outlive the call.

create function app_private.market_figures(
  cells app_private.market_cell[] default null, first_release integer default null
)
returns setof app_public.market_stats
language plpgsql
volatile
rows 50000
set search_path = pg_catalog, pg_temp
set jit = off
set work_mem = '64MB'
-- Groups in sorted order stay in the processor's cache; a hash table of half a million arrays does not.
set enable_hashagg = off
-- A guess of one row where there are thousands would make it a loop of thousands of scans.
set enable_nestloop = off
set default_statistics_target = 10
as $$
declare
  touched text := '';
  sales text := 'select s.insee_code, s.property_type, s.nature, s.sold_on,
      (s.price_eur * 100)::bigint as price, (s.price_per_m2 * 100)::bigint as price_per_m2
    from app_private.market_sales as s';
  arms text;
  groups text;
begin
  create table app_private.market_areas as
  select row_number() over (order by a.area_level, a.area_code)::integer as area_no, a.area_level, a.area_code
  from (
    select 'commune'::app_base.area_level as area_level, c.insee_code as area_code from app_public.cities as c
    union all
    select 'department', d.code from app_public.departments as d
    union all
    select 'region', r.code from app_public.regions as r
    union all
    select 'nation', 'FR'
  ) as a;
  analyze app_private.market_areas;

  create table app_private.market_places as
  select
    c.insee_code,
    i.area_no as commune, w.area_no as city, d.area_no as department, r.area_no as region,
    (select n.area_no from app_private.market_areas as n where n.area_level = 'nation') as nation
  from app_public.cities as c
  join app_public.departments as e on e.code = c.department_code
  join app_private.market_areas as i on i.area_level = 'commune' and i.area_code = c.insee_code
  left join app_private.market_areas as w on w.area_level = 'commune' and w.area_code = c.parent_insee_code
  join app_private.market_areas as d on d.area_level = 'department' and d.area_code = e.code
  join app_private.market_areas as r on r.area_level = 'region' and r.area_code = e.region_code;
  analyze app_private.market_places;

  -- No worker helps inside an arm: the arms themselves run side by side, which costs less.
  if first_release is not null then
    sales := format(
      'select c.insee_code, c.property_type, c.nature, c.sold_on,
        c.price_cents as price, c.price_per_m2_cents as price_per_m2
      from app_private.dvf_candidates as c
      where c.release_id = %s
        and app_private.is_counted_sale(c.price_cents is not null, c.nature, c.identity_basis, c.mutation_is_partial,
          c.property_type, c.house_count + c.flat_count, c.commercial_count, c.is_count_certain)',
      first_release
    );
  end if;
  execute format($facts$
  create table app_private.market_facts with (parallel_workers = 0) as
  select
    p.commune * 16 + k.kind as commune,
    p.city * 16 + k.kind as city,
    p.department * 16 + k.kind as department,
    p.region * 16 + k.kind as region,
    p.nation * 16 + k.kind as nation,
    m.month,
    m.month / 3 as quarter,
    m.month / 12 as year,
    s.price,
    s.price_per_m2
  from (%s) as s
  join app_private.market_places as p on p.insee_code = s.insee_code
  cross join lateral (select app_private.market_kind(s.property_type, s.nature)) as k (kind)
  cross join lateral (select app_private.month_number(s.sold_on)) as m (month)
  $facts$, sales);
  analyze app_private.market_facts;

  if cells is not null then
    create table app_private.market_touched as
    select distinct app_private.market_key(a.area_no * 16 + k.kind, e.period_kind, e.period) as key
    from unnest(cells) as c
    join app_private.market_places as p on p.insee_code = c.insee_code
    cross join lateral (
      select app_private.market_kind(c.property_type, c.nature), app_private.month_number(c.sold_month)
    ) as k (kind, month)
    cross join lateral unnest(array[p.commune, p.city, p.department, p.region, p.nation]) as a (area_no)
    cross join lateral (values (0, k.month), (1, k.month / 3), (2, k.month / 12)) as e (period_kind, period)
    where a.area_no is not null;
    analyze app_private.market_touched;
    touched := 'and app_private.market_key(f.%1$I, 2, f.year) in (select t.key from app_private.market_touched as t)';
  end if;

  select string_agg(
    format(
      'select
        f.%1$I as series, f.year, f.quarter, f.month,
        count(*) as sale_count, count(f.price_per_m2) as m2_count,
        sum(f.price) as price_sum, sum(f.price_per_m2) as m2_sum,
        case when count(*) >= 5 then array_sort(array_agg(f.price)) end as prices,
        case when count(f.price_per_m2) >= 5
          then array_sort(array_agg(f.price_per_m2) filter (where f.price_per_m2 is not null)) end as m2_prices
      from app_private.market_facts as f
      where f.%1$I is not null ' || touched || '
      group by f.%1$I, f.year, rollup (f.quarter, f.month)',
      area
    ),
    ' union all '
  )
  into arms
  from unnest('{commune,city,department,region,nation}'::text[]) as area;
  groups := format(
    'select
      case
        when a.month is not null then app_private.market_key(a.series, 0, a.month)
        when a.quarter is not null then app_private.market_key(a.series, 1, a.quarter)
        else app_private.market_key(a.series, 2, a.year)
      end as key,
      a.sale_count, a.m2_count, a.price_sum, a.m2_sum,
      case when a.prices is not null then app_private.quartile(a.prices, 1) end as price_first_quartile,
      case when a.prices is not null then app_private.quartile(a.prices, 2) end as price_second_quartile,
      case when a.prices is not null then app_private.quartile(a.prices, 3) end as price_third_quartile,
      case when a.m2_prices is not null then app_private.quartile(a.m2_prices, 1) end as m2_first_quartile,
      case when a.m2_prices is not null then app_private.quartile(a.m2_prices, 2) end as m2_second_quartile,
      case when a.m2_prices is not null then app_private.quartile(a.m2_prices, 3) end as m2_third_quartile
    from (%s) as a',
    arms
  );
  if cells is not null then
    -- Apart, because a plan that keeps the groups without sales could not run the arms side by side.
    execute format(
      'create table app_private.market_groups as
      select g.* from (%s) as g where g.key in (select t.key from app_private.market_touched as t)',
      groups
    );
    groups := 'select t.key, g.sale_count, g.m2_count, g.price_sum, g.m2_sum,
        g.price_first_quartile, g.price_second_quartile, g.price_third_quartile,
        g.m2_first_quartile, g.m2_second_quartile, g.m2_third_quartile
      from app_private.market_touched as t left join app_private.market_groups as g on g.key = t.key';
  end if;

  return query execute format(
    $figures$
      select
        a.area_level,
        a.area_code,
        (array['house', 'flat', 'land', 'commercial']::app_base.property_type[])[(g.key >> 16 & 3) + 1],
        (array['sale', 'off_plan_sale', 'auction']::app_base.mutation_nature[])[(g.key >> 14 & 3) + 1],
        (array['month', 'quarter', 'year']::app_base.period_kind[])[p.kind + 1],
        make_date(
          1900 + p.no / (array[12, 4, 1])[p.kind + 1],
          p.no %% (array[12, 4, 1])[p.kind + 1] * (array[1, 3, 12])[p.kind + 1] + 1,
          1
        ),
        coalesce(g.sale_count, 0)::integer,
        case when g.sale_count >= 5 then g.price_sum / 100 end::numeric(18, 2),
        case when g.sale_count >= 5 then g.price_sum / (100 * g.sale_count) end::numeric(14, 2),
        g.price_first_quartile::numeric(14, 2),
        g.price_second_quartile::numeric(14, 2),
        g.price_third_quartile::numeric(14, 2),
        coalesce(g.m2_count, 0)::integer,
        case when g.m2_count >= 5 then g.m2_sum / (100 * g.m2_count) end::numeric(10, 2),
        g.m2_first_quartile::numeric(10, 2),
        g.m2_second_quartile::numeric(10, 2),
        g.m2_third_quartile::numeric(10, 2),
        now()
      from (%s) as g
      join app_private.market_areas as a on a.area_no = g.key >> 18
      cross join lateral (select (g.key >> 12 & 3)::integer, (g.key & 4095)::integer) as p (kind, no)
      -- The order of the primary key: an index over rows in its own order costs a third less.
      order by g.key
    $figures$,
    groups
  );

  drop table app_private.market_areas, app_private.market_places, app_private.market_facts;
  if cells is not null then
    drop table app_private.market_touched, app_private.market_groups;
  end if;
end
$$;

comment on function app_private.market_figures(app_private.market_cell[], integer) is $$
Market statistics computed from the ledger, as rows of `market_stats` in the order of its key.

Every group, or only those that `cells` belong to; of these, one without any sale left comes with a count of 0.
With `first_release` from the candidates of that release instead, which an empty ledger is about to take over.
Prices are in €, surfaces in m²; a group of fewer than five sales has its count only.
$$;
