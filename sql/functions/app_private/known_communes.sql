create function app_private.known_communes()
returns table (
  insee_code_given text,
  insee_code_present text,
  department_code text,
  parent_insee_code text
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select c.insee_code, c.insee_code, c.department_code, c.parent_insee_code
  from app_public.cities as c
  union all
  select f.former_insee_code, c.insee_code, c.department_code, c.parent_insee_code
  from app_public.former_cities as f
  join app_public.cities as c on c.insee_code = f.insee_code
  where not exists (select from app_public.cities as p where p.insee_code = f.former_insee_code)
$$;

comment on function app_private.known_communes() is $$
Every INSEE code a DVF line may carry, once, with the present commune it stands for, that commune's department, and the
whole city when it is an arrondissement.

The file reader loads it once, about 39 000 rows.
$$;
