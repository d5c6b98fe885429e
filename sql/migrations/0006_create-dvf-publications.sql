-- What the official address says it publishes, each time it says something new.

create table app_public.dvf_publications (
  id integer generated always as identity,
  published_at timestamptz not null,
  resources jsonb not null,
  seen_at timestamptz not null default now(),
  checked_at timestamptz not null default now(),
  constraint dvf_publications_pkey primary key (id),
  constraint dvf_publications_published_at_key unique (published_at),
  constraint dvf_publications_resources_list check (jsonb_typeof(resources) = 'array')
);
alter table app_public.dvf_publications enable row level security;
