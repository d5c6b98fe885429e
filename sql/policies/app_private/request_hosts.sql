comment on table app_private.request_hosts is
  'The hosts that are asked, with what they want and how they are doing: shared by all workers, so that together they keep to it.';
comment on column app_private.request_hosts.host is 'Host name, with its port where it is not the usual one.';
comment on column app_private.request_hosts.next_slot_at is 'When the next request may go that has not been promised to somebody.';
comment on column app_private.request_hosts.resumes_at is 'Until then the host asked to be left alone (Retry-After, 429, 503).';
comment on column app_private.request_hosts.rest_count is 'Rests it asked for since it last answered as it should.';
comment on column app_private.request_hosts.failure_count is 'Failures in a row: no answer, or 5xx.';
comment on column app_private.request_hosts.circuit_opened_at is 'Since when it is not asked because it failed too often; null while it works.';
comment on column app_private.request_hosts.circuit_open_count is 'How often that happened since it last worked.';
comment on column app_private.request_hosts.probe_at is 'When one request may try whether it works again.';
comment on column app_private.request_hosts.has_probe is 'Whether that one request is under way; until probe_at nobody else tries.';
comment on column app_private.request_hosts.robots_status is 'What /robots.txt was answered with; 0: no answer; null: not asked yet.';
comment on column app_private.request_hosts.robots_text is 'Its robots.txt; null when there is none.';
comment on column app_private.request_hosts.crawl_delay_seconds is 'Seconds between requests that its robots.txt asks of us; null for none.';
comment on column app_private.request_hosts.robots_expires_at is 'Until when that holds.';
