comment on table app_public.departments is $$
The 101 departments, and the overseas collectivities that stand in a department's place.

Source: INSEE through @etalab/decoupage-administratif, merged by every deploy.
$$;
comment on column app_public.departments.code is
  'INSEE code: two characters (2A and 2B for Corsica), three overseas.';
comment on column app_public.departments.name is 'The official name.';
comment on column app_public.departments.region_code is 'The region it belongs to.';
comment on column app_public.departments.zone is 'Metropolitan, overseas department or overseas collectivity.';

grant select on app_public.departments to app_visitor, app_analyst;

create policy departments_everyone_read on app_public.departments
  for select to app_visitor, app_analyst using (true);
comment on policy departments_everyone_read on app_public.departments is
  'Reference data is public: every row, to both application roles.';

grant select on app_public.departments to app_rule;

create policy departments_rule_read on app_public.departments
  for select to app_rule using (true);
comment on policy departments_rule_read on app_public.departments is
  'Rules may look departments up.';
