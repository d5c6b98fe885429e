-- Market statistics are a table, recomputed group by group where sales changed, in the import's transaction.

create type app_base.area_level as enum ('commune', 'department', 'region', 'nation');
comment on type app_base.area_level is
  'Breadth of an area; Paris, Lyon and Marseille are communes both whole and by arrondissement.';
create type app_base.period_kind as enum ('month', 'quarter', 'year');
comment on type app_base.period_kind is
  'Length of a period.';

create table app_public.market_stats (
  area_level app_base.area_level not null,
  area_code text collate "C" not null,
  property_type app_base.property_type not null,
  nature app_base.mutation_nature not null,
  period_kind app_base.period_kind not null,
  period_start date not null,
  sale_count integer not null,
  volume_eur numeric(18, 2),
  price_mean_eur numeric(14, 2),
  price_first_quartile_eur numeric(14, 2),
  price_median_eur numeric(14, 2),
  price_third_quartile_eur numeric(14, 2),
  price_per_m2_count integer not null,
  price_per_m2_mean numeric(10, 2),
  price_per_m2_first_quartile numeric(10, 2),
  price_per_m2_median numeric(10, 2),
  price_per_m2_third_quartile numeric(10, 2),
  calculated_at timestamptz not null default now(),
  constraint market_stats_pkey primary key
    (area_level, area_code, property_type, nature, period_kind, period_start),
  constraint market_stats_small_groups_hidden check (
    sale_count >= 5 or (price_median_eur is null and price_mean_eur is null and volume_eur is null)
  )
);
alter table app_public.market_stats enable row level security;
