create function app_private.scope_cities(insee_codes text[])
returns text[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(array_agg(distinct c.insee_code order by c.insee_code), '{}')
  from app_public.cities as c
  where c.insee_code = any (insee_codes) or c.parent_insee_code = any (insee_codes)
$$;

comment on function app_private.scope_cities(text[]) is $$
The communes of a scope, with the arrondissements of those that have some.

    select app_private.scope_cities('{69123}');  -- {69123,69381,…,69389}
$$;
