comment on table app_public.city_postal_codes is $$
Which postal codes serve which commune: one code can serve several communes, one commune several codes.

CEDEX codes belong to an organisation, not to a place, and are not here. An arrondissement's codes are listed both
for it and for its city.
Source: La Poste through @etalab/decoupage-administratif, merged by every deploy.
$$;
comment on column app_public.city_postal_codes.postal_code is
  'Five digits. The first two are not always the department: 01410 also serves a commune of 39.';
comment on column app_public.city_postal_codes.insee_code is 'The commune or arrondissement it serves.';

grant select on app_public.city_postal_codes to app_visitor, app_analyst;

create policy city_postal_codes_everyone_read on app_public.city_postal_codes
  for select to app_visitor, app_analyst using (true);
comment on policy city_postal_codes_everyone_read on app_public.city_postal_codes is
  'Reference data is public: every row, to both application roles.';

grant select on app_public.city_postal_codes to app_rule;

create policy city_postal_codes_rule_read on app_public.city_postal_codes
  for select to app_rule using (true);
comment on policy city_postal_codes_rule_read on app_public.city_postal_codes is
  'Rules may compare postal codes with communes.';
