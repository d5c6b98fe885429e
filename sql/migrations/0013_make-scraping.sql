-- What a scrape set out to do, piece by piece, so that one that was broken off goes on where it was; and what is known
-- of the hosts that are asked, shared by all workers.

create type app_base.scrape_item_status as enum ('waiting', 'running', 'done', 'failed', 'skipped');
comment on type app_base.scrape_item_status is
  'A piece of a scrape waits, is in somebody''s hands, was read, could not be read, or needed no request.';

create type app_base.scrape_coverage as enum ('whole', 'split', 'capped');
comment on type app_base.scrape_coverage is
  'Whether a piece showed all it holds, was divided into smaller ones, or holds back more than it shows.';

create type app_base.scrape_tier as enum ('full', 'first_pages', 'changes', 'manifest', 'sample');
comment on type app_base.scrape_tier is
  'How much of a source a scrape looks at: all; the first pages of results; pages until nothing is new; every key, and whether the missing homes are gone; some homes again.';

create table app_public.scrape_items (
  id bigint not null generated always as identity (cache 100),
  session_id uuid not null,
  item_key text collate "C" not null,
  parent_id bigint,
  kind text collate "C" not null,
  params jsonb not null default '{}',
  priority smallint not null default 0,
  status app_base.scrape_item_status not null default 'waiting',
  attempt_count smallint not null default 0,
  retry_at timestamptz,
  request_count integer not null default 0,
  found_count integer,
  announced_count integer,
  staged_count integer,
  coverage app_base.scrape_coverage,
  error jsonb,
  finished_at timestamptz,
  constraint scrape_items_pkey primary key (id),
  constraint scrape_items_item_key_key unique (session_id, item_key),
  -- Ten thousand items come in one statement: whether their session is there is known.
  constraint scrape_items_session_id_fkey foreign key (session_id)
    references app_public.scrape_sessions (id) not enforced
) with (fillfactor = 70);
-- Without the status, so that taking an item and telling of it touch no index.
create index scrape_items_priority_idx on app_public.scrape_items (session_id, priority, id);
alter table app_public.scrape_items enable row level security;

-- Who scrapes a session just now. A holder that is not heard of loses it to the next, whose token is a new one.
create table app_private.scrape_leases (
  session_id uuid not null,
  token bigint not null default 0,
  holder text,
  renewed_at timestamptz,
  is_planned boolean not null default false,
  is_checked boolean not null default false,
  item_count integer not null default 0,
  done_count integer not null default 0,
  failed_count integer not null default 0,
  skipped_count integer not null default 0,
  request_count integer not null default 0,
  found_count integer not null default 0,
  staged_count integer not null default 0,
  constraint scrape_leases_pkey primary key (session_id),
  constraint scrape_leases_session_id_fkey foreign key (session_id) references app_public.scrape_sessions (id)
);
alter table app_private.scrape_leases enable row level security;

-- What a host wants and how it is doing, for every worker on every machine.
create table app_private.request_hosts (
  host text collate "C" not null,
  next_slot_at timestamptz not null default '-infinity',
  resumes_at timestamptz,
  rest_count smallint not null default 0,
  failure_count integer not null default 0,
  circuit_opened_at timestamptz,
  circuit_open_count smallint not null default 0,
  probe_at timestamptz,
  has_probe boolean not null default false,
  robots_status smallint,
  robots_text text,
  crawl_delay_seconds real,
  robots_expires_at timestamptz,
  constraint request_hosts_pkey primary key (host)
);
alter table app_private.request_hosts enable row level security;

create table app_private.http_responses (
  url text collate "C" not null,
  policy jsonb not null,
  body text not null,
  etag text,
  last_modified text,
  stored_at timestamptz not null default now(),
  expires_at timestamptz not null,
  kept_at timestamptz not null,
  constraint http_responses_pkey primary key (url)
);
create index http_responses_kept_at_idx on app_private.http_responses (kept_at);
alter table app_private.http_responses enable row level security;
