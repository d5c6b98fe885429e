comment on table app_private.http_responses is
  'Answers of sources, kept so that what has not changed is not sent again.';
comment on column app_private.http_responses.url is 'The address that was asked.';
comment on column app_private.http_responses.policy is 'Status, headers and how long they hold, as the HTTP cache of the client reads them.';
comment on column app_private.http_responses.body is 'The text that was answered.';
comment on column app_private.http_responses.etag is 'What the server calls this version.';
comment on column app_private.http_responses.last_modified is 'When the server changed it last, as it wrote that.';
comment on column app_private.http_responses.stored_at is 'When it was answered.';
comment on column app_private.http_responses.expires_at is 'Until then it may be used without asking; then with a conditional request.';
comment on column app_private.http_responses.kept_at is 'Until then it is kept at all.';
