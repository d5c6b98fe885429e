comment on table app_public.dvf_release_scopes is $$
What a release covers: départements, or communes where it brings single ones, by year of sale.

A sale can be withdrawn only by a release that covers its place and year.
$$;
comment on column app_public.dvf_release_scopes.release_id is 'The release.';
comment on column app_public.dvf_release_scopes.department_code is 'Code of the department covered.';
comment on column app_public.dvf_release_scopes.insee_code is
  'INSEE code of the commune covered; the empty string means the whole department.';
comment on column app_public.dvf_release_scopes.sold_year is 'Year of sale covered.';
comment on column app_public.dvf_release_scopes.line_count is 'Accepted lines of that place and year.';
comment on column app_public.dvf_release_scopes.transaction_count is
  'Sales of that place and year; null until the lines are grouped.';

grant select on app_public.dvf_release_scopes to app_analyst;

create policy dvf_release_scopes_analyst_read on app_public.dvf_release_scopes
  for select to app_analyst using (true);
comment on policy dvf_release_scopes_analyst_read on app_public.dvf_release_scopes is
  'Counts of one small commune and year are not aggregates: analysts only.';
