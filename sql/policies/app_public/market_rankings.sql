comment on materialized view app_public.market_rankings is $$
Communes in the order of their median price per m², year by year, in the country and in their department.

Only communes with five such sales in the year. Paris, Lyon and Marseille appear by arrondissement.

    select insee_code, price_per_m2_median from app_public.market_rankings
    where property_type = 'flat' and nature = 'sale' and sold_year = 2024 and nation_rank <= 10;
$$;
comment on column app_public.market_rankings.property_type is 'House or flat.';
comment on column app_public.market_rankings.nature is 'Kind of transfer.';
comment on column app_public.market_rankings.sold_year is 'Year of sale.';
comment on column app_public.market_rankings.insee_code is 'INSEE code of the commune or arrondissement.';
comment on column app_public.market_rankings.department_code is 'Code of its department.';
comment on column app_public.market_rankings.price_per_m2_count is 'Sales with a price per m².';
comment on column app_public.market_rankings.price_per_m2_median is 'Median price per m², €/m².';
comment on column app_public.market_rankings.nation_rank is
  'Place in the country, 1 is the priciest; equals share a place.';
comment on column app_public.market_rankings.nation_commune_count is 'Communes ranked in the country.';
comment on column app_public.market_rankings.department_rank is 'Place in the department, 1 is the priciest.';
comment on column app_public.market_rankings.department_commune_count is 'Communes ranked in the department.';

grant select on app_public.market_rankings to app_visitor, app_analyst;
