comment on table app_public.regions is $$
The regions of France, and the overseas collectivities that stand in a region's place.

Source: INSEE through @etalab/decoupage-administratif, merged by every deploy.
$$;
comment on column app_public.regions.code is 'INSEE code: two digits, or the three of an overseas collectivity.';
comment on column app_public.regions.name is 'The official name.';
comment on column app_public.regions.zone is 'Metropolitan, overseas department or overseas collectivity.';

grant select on app_public.regions to app_visitor, app_analyst;

create policy regions_everyone_read on app_public.regions
  for select to app_visitor, app_analyst using (true);
comment on policy regions_everyone_read on app_public.regions is
  'Reference data is public: every row, to both application roles.';

grant select on app_public.regions to app_rule;

create policy regions_rule_read on app_public.regions
  for select to app_rule using (true);
comment on policy regions_rule_read on app_public.regions is
  'Rules may look regions up.';
