comment on table app_private.worker_heartbeats is
  'Workers that are running: each renews its row every few seconds and removes it when it stops.';
comment on column app_private.worker_heartbeats.worker_id is 'Name of the worker, as jobs name who locked them.';
comment on column app_private.worker_heartbeats.host is 'Machine it runs on.';
comment on column app_private.worker_heartbeats.process_id is 'Its process on that machine.';
comment on column app_private.worker_heartbeats.started_at is 'When it was seen first.';
comment on column app_private.worker_heartbeats.seen_at is 'When it was seen last.';
