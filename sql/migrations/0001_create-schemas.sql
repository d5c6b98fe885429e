-- The rooms of the house. app_deploy (bookkeeping) is made by the deploy's bootstrap, graphile_worker by the
-- worker itself; both are nobody's business but theirs.

create schema app_base;
comment on schema app_base is
  'What stored things rest on: enums, domains and immutable functions used by columns, checks and indexes.';

create schema app_public;
comment on schema app_public is 'What the API shows; row level security and grants decide to whom.';

create schema app_private;
comment on schema app_private is 'Everything the API does not show.';

create schema extensions;
comment on schema extensions is 'Members of PostgreSQL extensions, so that teardown and search path never meet them.';

-- Trusted ones only: an owner without superuser rights must be able to deploy (earthdistance is not trusted).
create extension pg_trgm with schema extensions;
create extension unaccent with schema extensions;
create extension fuzzystrmatch with schema extensions;
create extension btree_gin with schema extensions;
create extension btree_gist with schema extensions;
create extension pgcrypto with schema extensions;
create extension cube with schema extensions;

-- For every schema at once: a default given to a role everywhere cannot be taken back in one schema only.
-- It reaches functions used in check constraints and index expressions too: whoever writes the row needs execute.
alter default privileges revoke execute on functions from public;

grant usage on schema app_base, app_public, extensions to app_visitor, app_analyst;
