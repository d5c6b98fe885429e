create type app_public.queued_sync as (
  session_id uuid,
  queue text,
  job_id bigint
);
comment on type app_public.queued_sync is 'A session whose sync waits for a worker.';
comment on column app_public.queued_sync.session_id is 'The session.';
comment on column app_public.queued_sync.queue is 'The queue it waits in; jobs of one queue run one after the other.';
comment on column app_public.queued_sync.job_id is 'The job''s number.';
