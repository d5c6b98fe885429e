-- Who works off the queue, and what could not be done. The queue itself is graphile_worker's.

create table app_private.worker_heartbeats (
  worker_id text not null,
  host text not null,
  process_id integer not null,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  constraint worker_heartbeats_pkey primary key (worker_id)
);
alter table app_private.worker_heartbeats enable row level security;

create table app_public.task_failures (
  id bigint generated always as identity,
  task text not null,
  job_id bigint not null,
  payload jsonb not null,
  message text not null,
  hint text,
  failed_at timestamptz not null default now(),
  constraint task_failures_pkey primary key (id)
);
create index task_failures_task_failed_at_idx on app_public.task_failures (task, failed_at);
alter table app_public.task_failures enable row level security;
