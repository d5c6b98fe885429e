create function app_private.rule_reference_tables()
returns text[]
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
  select '{cities,city_postal_codes,department_boxes,departments,former_cities,listing_stats,market_stats,regions}'::text[]
$$;

comment on function app_private.rule_reference_tables() is $$
The reference tables of app_public that rules may look things up in.
$$;
