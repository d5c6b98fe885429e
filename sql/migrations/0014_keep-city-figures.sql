-- What is asked for city by city: where it lies, and what a square metre costs there by an explorer and by the ledger.

alter table app_public.cities add column last_scraped_at timestamptz;

create table app_public.city_outlines (
  insee_code text collate "C" not null,
  longitude double precision not null,
  latitude double precision not null,
  west double precision,
  south double precision,
  east double precision,
  north double precision,
  outline jsonb,
  source text not null,
  fetched_at timestamptz not null default now(),
  constraint city_outlines_pkey primary key (insee_code),
  constraint city_outlines_insee_code_fkey foreign key (insee_code)
    references app_public.cities (insee_code) on delete cascade,
  constraint city_outlines_on_earth check (longitude between -180 and 180 and latitude between -90 and 90),
  constraint city_outlines_box_whole check (num_nulls(west, south, east, north) in (0, 4)),
  constraint city_outlines_box_in_order check (west <= east and south <= north),
  constraint city_outlines_outline_area check (outline ->> 'type' in ('Polygon', 'MultiPolygon'))
);
alter table app_public.city_outlines enable row level security;

create table app_public.city_prices (
  insee_code text collate "C" not null,
  property_type app_base.property_type not null,
  source_id smallint not null,
  price_per_m2 numeric(10, 2) not null,
  sale_count integer,
  period_from date,
  period_to date,
  stated_on date not null,
  recorded_at timestamptz not null default now(),
  constraint city_prices_pkey primary key (insee_code, property_type, source_id),
  constraint city_prices_insee_code_fkey foreign key (insee_code)
    references app_public.cities (insee_code) on delete cascade,
  constraint city_prices_source_id_fkey foreign key (source_id) references app_public.sources (id),
  constraint city_prices_homes check (property_type in ('flat', 'house')),
  constraint city_prices_price_positive check (price_per_m2 > 0),
  constraint city_prices_period_in_order check (period_from <= period_to)
);
create index city_prices_source_id_idx on app_public.city_prices (source_id);
alter table app_public.city_prices enable row level security;
