comment on table app_public.dvf_sources is
  'The files of a release: one row for each, in the order they were read. Accepted and rejected lines add up to its lines.';
comment on column app_public.dvf_sources.release_id is 'The release the file belongs to.';
comment on column app_public.dvf_sources.source_no is 'Number of the file within the release, from 1.';
comment on column app_public.dvf_sources.name is 'Name of the file, or `stdin`; for a file inside an archive, both names.';
comment on column app_public.dvf_sources.checksum is 'SHA-256 of the uncompressed content, hexadecimal.';
comment on column app_public.dvf_sources.byte_count is 'Size of the uncompressed content, bytes.';
comment on column app_public.dvf_sources.dialect is 'How the file was recognised to be written.';
comment on column app_public.dvf_sources.line_count is 'Lines in the file, the header aside.';
comment on column app_public.dvf_sources.accepted_count is 'Lines that could be read.';
comment on column app_public.dvf_sources.rejected_count is 'Lines that could not be read.';

grant select on app_public.dvf_sources to app_analyst;

create policy dvf_sources_analyst_read on app_public.dvf_sources
  for select to app_analyst using (true);
comment on policy dvf_sources_analyst_read on app_public.dvf_sources is
  'File names tell how the operator works, so a visitor has no use for them.';
