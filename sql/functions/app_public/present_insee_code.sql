create function app_public.present_insee_code(code text)
returns text
language sql
stable
strict
set search_path = pg_catalog, pg_temp
as $$
  with asked as (select lpad(upper(btrim($1)), 5, '0') as code)
  -- A delegated commune may share its code with the present one: the present one first.
  select coalesce(
    (select c.insee_code from app_public.cities as c where c.insee_code = a.code),
    (select f.insee_code from app_public.former_cities as f where f.former_insee_code = a.code)
  )
  from asked as a
$$;

comment on function app_public.present_insee_code(text) is $$
The present commune or arrondissement behind an INSEE code, present or former; null when nobody knows the code.

Lost leading zeros are put back, and letters may be lower-case.

    select app_public.present_insee_code('69048');  -- 69179
$$;

grant execute on function app_public.present_insee_code(text) to app_visitor, app_analyst;
