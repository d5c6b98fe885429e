comment on table app_public.cities is $$
Every present commune, every arrondissement of Paris, Lyon and Marseille, every commune of the overseas
collectivities, by INSEE code.

Paris, Lyon and Marseille are there whole (kind `commune`) and by arrondissement (with the whole as parent): add up
one kind, never both. Codes that are no longer present are in `former_cities`.
Source: INSEE and La Poste through @etalab/decoupage-administratif, merged by every deploy.
$$;
comment on column app_public.cities.insee_code is 'INSEE code of the present commune or arrondissement.';
comment on column app_public.cities.name is 'The official name, with its article: `Le Havre`.';
comment on column app_public.cities.kind is
  'INSEE counts 34 875 communes in 2026; arrondissements and overseas collectivities are counted apart.';
comment on column app_public.cities.department_code is 'The department, or the collectivity that stands for one.';
comment on column app_public.cities.parent_insee_code is
  'For an arrondissement its city: 75056, 69123 or 13055. Null for every other.';
comment on column app_public.cities.population is
  'Municipal population of the latest census; null where nobody lives permanently.';
comment on column app_public.cities.normal_name is 'The name in its normal form: see normal_city_name.';
comment on column app_public.cities.name_key is
  'The normal name without leading article and spaces, under which every spelling of it is found.';
comment on column app_public.cities.last_scraped_at is
  'When city_refresh looked at it last; null when it never did.';

grant select on app_public.cities to app_visitor, app_analyst;

create policy cities_everyone_read on app_public.cities
  for select to app_visitor, app_analyst using (true);
comment on policy cities_everyone_read on app_public.cities is
  'Reference data is public: every row, to both application roles.';

grant select on app_public.cities to app_rule;

create policy cities_rule_read on app_public.cities
  for select to app_rule using (true);
comment on policy cities_rule_read on app_public.cities is
  'Rules may look communes up.';
