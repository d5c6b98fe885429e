comment on table app_private.dvf_rejects is
  'Lines that could not be read, byte for byte as they stood, with the reason. Nobody but the owner reads it.';
comment on column app_private.dvf_rejects.release_id is 'The release.';
comment on column app_private.dvf_rejects.source_no is 'Number of the file within the release.';
comment on column app_private.dvf_rejects.line_no is 'Line in the file; the header is line 1.';
comment on column app_private.dvf_rejects.raw is 'The line''s bytes, its line end included.';
comment on column app_private.dvf_rejects.reason is 'Kind of fault, as `field_count` or `unknown_commune`.';
comment on column app_private.dvf_rejects.detail is 'What was expected and what came.';
