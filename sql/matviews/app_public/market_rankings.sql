-- Paris, Lyon and Marseille are ranked by arrondissement: whole they would stand beside their own parts.

create materialized view app_public.market_rankings as
with
  communes as (
    select
      m.area_code as insee_code,
      -- INSEE builds the code of a commune on that of its département: two characters, three overseas.
      case when m.area_code >= '97' then left(m.area_code, 3) else left(m.area_code, 2) end as department_code,
      m.property_type,
      m.nature,
      extract(year from m.period_start)::integer as sold_year,
      m.price_per_m2_count,
      m.price_per_m2_median
    from app_public.market_stats as m
    where m.area_level = 'commune'
      and m.period_kind = 'year'
      and m.price_per_m2_median is not null
      and m.area_code not in ('75056', '69123', '13055')
  )
select
  c.property_type,
  c.nature,
  c.sold_year,
  c.insee_code,
  c.department_code,
  c.price_per_m2_count,
  c.price_per_m2_median,
  rank() over nation as nation_rank,
  count(*) over (partition by c.property_type, c.nature, c.sold_year) as nation_commune_count,
  rank() over department as department_rank,
  count(*) over (partition by c.property_type, c.nature, c.sold_year, c.department_code) as department_commune_count
from communes as c
window
  nation as (partition by c.property_type, c.nature, c.sold_year order by c.price_per_m2_median desc),
  department as (
    partition by c.property_type, c.nature, c.sold_year, c.department_code order by c.price_per_m2_median desc
  );

create unique index market_rankings_key
  on app_public.market_rankings (property_type, nature, sold_year, insee_code);
create index market_rankings_nation_rank_idx
  on app_public.market_rankings (property_type, nature, sold_year, nation_rank);
create index market_rankings_insee_code_idx on app_public.market_rankings (insee_code);
