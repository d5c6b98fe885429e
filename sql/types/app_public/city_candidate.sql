create type app_public.city_candidate as (
  insee_code text,
  name text,
  department_code text,
  confidence numeric
);
comment on type app_public.city_candidate is 'A commune that a name and a postal code could mean, with how likely that is.';
comment on column app_public.city_candidate.insee_code is 'The commune or arrondissement.';
comment on column app_public.city_candidate.name is 'Its official name.';
comment on column app_public.city_candidate.department_code is 'Its department.';
comment on column app_public.city_candidate.confidence is 'From 0 to 1, as in city_resolution.';
