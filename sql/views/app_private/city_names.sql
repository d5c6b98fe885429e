create view app_private.city_names
with (security_invoker = true)
as
  select
    c.insee_code,
    c.name,
    c.kind,
    c.department_code,
    c.parent_insee_code,
    c.population,
    null::text as former_name,
    c.normal_name,
    c.name_key
  from app_public.cities as c
  union all
  select
    c.insee_code,
    c.name,
    c.kind,
    c.department_code,
    c.parent_insee_code,
    c.population,
    f.name,
    f.normal_name,
    f.name_key
  from app_public.former_cities as f
  join app_public.cities as c on c.insee_code = f.insee_code
  where f.name_key is not null;

comment on view app_private.city_names is
  'Every name under which a present commune is known: its own, and those of the communes it has absorbed.';
comment on column app_private.city_names.insee_code is 'The present commune or arrondissement.';
comment on column app_private.city_names.name is 'Its official name.';
comment on column app_private.city_names.kind is 'Commune, arrondissement or overseas collectivity.';
comment on column app_private.city_names.department_code is 'Its department.';
comment on column app_private.city_names.parent_insee_code is 'The city of an arrondissement.';
comment on column app_private.city_names.population is 'Its population.';
comment on column app_private.city_names.former_name is 'The absorbed commune''s name; null for its own.';
comment on column app_private.city_names.normal_name is 'The normal form of this name.';
comment on column app_private.city_names.name_key is 'The key of this name.';
