comment on table app_public.former_cities is $$
Codes of communes that are no longer communes of their own, with the present commune each belongs to.

A delegated commune may keep the very code of the present one (01015): the present commune then comes first, and the
row is there for its name. Communes merged without delegated or associated status have no name in the source.
Source: INSEE through @etalab/decoupage-administratif, merged by every deploy.
$$;
comment on column app_public.former_cities.former_insee_code is 'The code as older files give it.';
comment on column app_public.former_cities.insee_code is 'The present commune.';
comment on column app_public.former_cities.kind is
  'Absorbed, delegated, associated, or the same place under a new code.';
comment on column app_public.former_cities.name is 'The name it had or still bears; null where the source has none.';
comment on column app_public.former_cities.normal_name is 'The name in its normal form: see normal_city_name.';
comment on column app_public.former_cities.name_key is
  'The normal name without leading article and spaces, under which every spelling of it is found.';

grant select on app_public.former_cities to app_visitor, app_analyst;

create policy former_cities_everyone_read on app_public.former_cities
  for select to app_visitor, app_analyst using (true);
comment on policy former_cities_everyone_read on app_public.former_cities is
  'Reference data is public: every row, to both application roles.';

grant select on app_public.former_cities to app_rule;

create policy former_cities_rule_read on app_public.former_cities
  for select to app_rule using (true);
comment on policy former_cities_rule_read on app_public.former_cities is
  'Rules know what communes were called before.';
