-- What is run in which order, and what became of it. The queue of jobs itself is graphile_worker's.

grant usage on schema app_base, app_public, extensions to app_operator;

create type app_base.run_status as enum ('queued', 'running', 'succeeded', 'failed', 'cancelled');
comment on type app_base.run_status is
  'Waiting for another run of its key (queued), at work, or ended: all well, with failed tasks, or called off.';

create type app_base.stage_status as enum ('waiting', 'running', 'succeeded', 'failed', 'cancelled', 'skipped');
comment on type app_base.stage_status is
  'Its turn has not come (in a run that ended: never came), at work, ended, or left out of a partial run.';

create type app_base.task_status as enum ('waiting', 'running', 'succeeded', 'failed', 'cancelled');
comment on type app_base.task_status is
  'In the queue or waiting for its next try, at work, done, failed for good, or called off.';

create type app_base.attempt_outcome as enum ('succeeded', 'failed', 'refused', 'lost', 'cancelled', 'released');
comment on type app_base.attempt_outcome is
  'Done; failed, to be tried again; refused, which trying again would not change; its worker or database gone; called off; given back untried.';

create table app_public.concurrency_groups (
  name text collate "C" not null,
  running_at_most smallint not null,
  description text not null,
  constraint concurrency_groups_pkey primary key (name),
  constraint concurrency_groups_some_run check (running_at_most between 1 and 64)
);
alter table app_public.concurrency_groups enable row level security;

create table app_public.pipelines (
  name text collate "C" not null,
  description text not null,
  -- Parameters of which one value runs once at a time: none of them is one run at a time, null is any number.
  key_params text[] collate "C",
  is_enabled boolean not null default true,
  paused_at timestamptz,
  constraint pipelines_pkey primary key (name),
  constraint pipelines_name_well_formed check (name ~ '^[a-z][a-z0-9_]{0,62}$')
);
alter table app_public.pipelines enable row level security;

create table app_public.pipeline_stages (
  pipeline text collate "C" not null,
  stage text collate "C" not null,
  stage_no smallint not null,
  description text not null,
  task text collate "C" not null,
  sql_function text collate "C",
  items_function text collate "C",
  depends_on text[] collate "C" not null default '{}',
  tries_at_most smallint not null default 3,
  retry_after interval not null default '10 seconds',
  timeout interval not null default '10 minutes',
  concurrency_group text collate "C",
  is_failure_tolerated boolean not null default false,
  constraint pipeline_stages_pkey primary key (pipeline, stage),
  constraint pipeline_stages_stage_no_key unique (pipeline, stage_no),
  constraint pipeline_stages_pipeline_fkey foreign key (pipeline) references app_public.pipelines (name),
  constraint pipeline_stages_concurrency_group_fkey foreign key (concurrency_group)
    references app_public.concurrency_groups (name),
  constraint pipeline_stages_tried_once check (tries_at_most >= 1),
  constraint pipeline_stages_sql_names_function check ((task = 'run_sql_stage') = (sql_function is not null))
);
create index pipeline_stages_concurrency_group_idx on app_public.pipeline_stages (concurrency_group)
  where concurrency_group is not null;
alter table app_public.pipeline_stages enable row level security;

create table app_public.pipeline_runs (
  id integer not null generated always as identity,
  pipeline text collate "C" not null,
  params jsonb not null default '{}',
  run_key text collate "C",
  status app_base.run_status not null default 'queued',
  from_stage text collate "C",
  to_stage text collate "C",
  triggered_by text not null,
  error text,
  queued_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  paused_at timestamptz,
  cancel_requested_at timestamptz,
  finished_at timestamptz,
  constraint pipeline_runs_pkey primary key (id),
  constraint pipeline_runs_pipeline_fkey foreign key (pipeline) references app_public.pipelines (name),
  constraint pipeline_runs_params_object check (jsonb_typeof(params) = 'object'),
  constraint pipeline_runs_ended_has_end check ((status in ('succeeded', 'failed', 'cancelled')) = (finished_at is not null))
);
create index pipeline_runs_pipeline_idx on app_public.pipeline_runs (pipeline, id desc);
create unique index pipeline_runs_run_key_key on app_public.pipeline_runs (pipeline, run_key)
  where status = 'running' and run_key is not null;
create index pipeline_runs_status_idx on app_public.pipeline_runs (status, pipeline) where status in ('queued', 'running');
create index pipeline_runs_finished_at_idx on app_public.pipeline_runs (finished_at);
alter table app_public.pipeline_runs enable row level security;

-- A stage as it was defined when the run began, and how far it is. One row counts all its tasks, whoever ends them
-- does so many at a time.
create table app_public.pipeline_run_stages (
  run_id integer not null,
  stage_no smallint not null,
  stage text collate "C" not null,
  task text collate "C" not null,
  sql_function text collate "C",
  items_function text collate "C",
  depends_on text[] collate "C" not null,
  tries_at_most smallint not null,
  retry_after interval not null,
  timeout interval not null,
  concurrency_group text collate "C",
  is_failure_tolerated boolean not null,
  status app_base.stage_status not null default 'waiting',
  task_count integer not null default 0,
  open_count integer not null default 0,
  failed_count integer not null default 0,
  item_count bigint not null default 0,
  failed_item_count bigint not null default 0,
  started_at timestamptz,
  finished_at timestamptz,
  constraint pipeline_run_stages_pkey primary key (run_id, stage_no),
  constraint pipeline_run_stages_run_id_fkey foreign key (run_id) references app_public.pipeline_runs (id),
  constraint pipeline_run_stages_open_counted check (open_count between 0 and task_count)
) with (fillfactor = 50);
alter table app_public.pipeline_run_stages enable row level security;

create sequence app_private.pipeline_task_id_seq as bigint;

-- Drawn for every attempt: whoever holds an older one has been overtaken.
create sequence app_private.attempt_token_seq as bigint;

-- Rows are written when their stage opens, when they start and when they end. No index names what changes then, and
-- pages have room, so that both are cheap.
create table app_public.pipeline_tasks (
  id bigint not null default nextval('app_private.pipeline_task_id_seq'),
  run_id integer not null,
  stage_no smallint not null,
  status app_base.task_status not null default 'waiting',
  attempt_count smallint not null default 0,
  failure_count smallint not null default 0,
  loss_count smallint not null default 0,
  job_id bigint,
  token bigint,
  lane integer,
  item_count integer,
  failed_item_count integer,
  started_at timestamptz,
  finished_at timestamptz,
  item_key text not null default '',
  worker_id text,
  params jsonb not null default '{}',
  result jsonb,
  error text,
  constraint pipeline_tasks_pkey primary key (id),
  -- Not enforced: tasks are written with their run and pruned with it, ten thousand at a time.
  constraint pipeline_tasks_run_id_fkey foreign key (run_id) references app_public.pipeline_runs (id) not enforced,
  constraint pipeline_tasks_stage_fkey foreign key (run_id, stage_no)
    references app_public.pipeline_run_stages (run_id, stage_no) not enforced
) with (fillfactor = 40);
create index pipeline_tasks_run_id_idx on app_public.pipeline_tasks (run_id, stage_no);
alter table app_public.pipeline_tasks enable row level security;

-- The attempts that did not end their task; the one that did stands in the task itself.
create table app_public.pipeline_attempts (
  task_id bigint not null,
  token bigint not null,
  run_id integer not null,
  outcome app_base.attempt_outcome not null,
  worker_id text,
  error text,
  started_at timestamptz,
  finished_at timestamptz not null default clock_timestamp(),
  constraint pipeline_attempts_pkey primary key (task_id, token),
  constraint pipeline_attempts_task_id_fkey foreign key (task_id) references app_public.pipeline_tasks (id) not enforced
);
create index pipeline_attempts_run_id_idx on app_public.pipeline_attempts (run_id);
alter table app_public.pipeline_attempts enable row level security;

-- Homes that may soon be for sale, and why. Never persons; read by operators only.
create table app_public.offmarket_leads (
  property_id bigint not null,
  insee_code text collate "C",
  department_code text collate "C",
  property_type app_base.property_type not null,
  score real not null,
  reasons jsonb not null,
  found_at timestamptz not null default clock_timestamp(),
  confirmed_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  run_id integer,
  constraint offmarket_leads_pkey primary key (property_id),
  constraint offmarket_leads_score_share check (score between 0 and 1),
  constraint offmarket_leads_reasons_some check (jsonb_typeof(reasons) = 'array' and reasons <> '[]')
);
create index offmarket_leads_insee_code_idx on app_public.offmarket_leads (insee_code) where ended_at is null;
create index offmarket_leads_score_idx on app_public.offmarket_leads (department_code, score desc) where ended_at is null;
alter table app_public.offmarket_leads enable row level security;
