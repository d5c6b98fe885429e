comment on table app_public.dvf_publications is
  'What the official address published: one row for each state of the data set that was seen.';
comment on column app_public.dvf_publications.id is 'Number of the state, in the order they were seen.';
comment on column app_public.dvf_publications.published_at is 'When the data set says it was last updated.';
comment on column app_public.dvf_publications.resources is
  'The files it offers: title, url, bytes, lastModified and checksum (type and value) of each.';
comment on column app_public.dvf_publications.seen_at is 'When this state was seen first.';
comment on column app_public.dvf_publications.checked_at is 'When it was seen last.';

grant select on app_public.dvf_publications to app_visitor, app_analyst;

create policy dvf_publications_everyone_read on app_public.dvf_publications
  for select to app_visitor, app_analyst using (true);
comment on policy dvf_publications_everyone_read on app_public.dvf_publications is
  'What others publish is public.';
