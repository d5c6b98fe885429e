comment on table app_private.scrape_leases is
  'Who scrapes a session just now, and how far it is. One row for each session that a scrape fills.';
comment on column app_private.scrape_leases.session_id is 'The session.';
comment on column app_private.scrape_leases.token is 'What its holder shows at every write; a new one with every holder.';
comment on column app_private.scrape_leases.holder is 'Machine and process; null when nobody scrapes it.';
comment on column app_private.scrape_leases.renewed_at is 'When the holder was heard of last.';
comment on column app_private.scrape_leases.is_planned is 'Whether its first items are kept.';
comment on column app_private.scrape_leases.is_checked is 'Whether the checks of missing homes have been planned.';
comment on column app_private.scrape_leases.item_count is 'Items it has.';
comment on column app_private.scrape_leases.done_count is 'Those read.';
comment on column app_private.scrape_leases.failed_count is 'Those that could not be read.';
comment on column app_private.scrape_leases.skipped_count is 'Those that needed no request or got no leave for one.';
comment on column app_private.scrape_leases.request_count is 'Requests made.';
comment on column app_private.scrape_leases.found_count is 'Results that the items showed.';
comment on column app_private.scrape_leases.staged_count is 'Rows staged.';
