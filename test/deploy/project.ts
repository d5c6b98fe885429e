import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import root, { type Test } from 'tap'
import { type DeployOptions, type DeployReport, deploy } from '../../sql/deploy/deploy.ts'
import { copyOf, emptyDatabase, type TestDatabase } from '../lib/database.ts'

/** A small project of its own in a temporary folder, with a database of its own. */
export type Project = {
  root: string
  db: TestDatabase
  /** Writes or replaces a file, by its path from the root. */
  write(path: string, text: string): Promise<void>
  remove(path: string): Promise<void>
  read(path: string): Promise<string>
  /** Deploys it, without reference rows unless given. */
  deploy(options?: Partial<DeployOptions>): Promise<DeployReport>
}

/** Every kind of definition once, and the history they need. */
export const files: Record<string, string> = {
  'sql/migrations/0002_create-things.sql': `
create type app_base.kind as enum ('round', 'square');

create function app_base.is_name(candidate text) returns boolean
language sql immutable set search_path = pg_catalog, pg_temp
as $$ select candidate ~ '^[a-z]+$' $$;
grant execute on function app_base.is_name(text) to app_analyst;

create table app_public.things (
  id integer generated always as identity primary key,
  name text not null,
  kind app_base.kind not null default 'round',
  seen_at timestamptz,
  constraint things_name_is_name check (app_base.is_name(name))
);
create index things_kind_idx on app_public.things (kind);
alter table app_public.things enable row level security;

create table app_private.parts (thing_id integer not null, part integer not null) partition by list (part);
alter table app_private.parts enable row level security;
`,
  'sql/types/app_public/summary.sql': `create type app_public.summary as (thing_count bigint, first_name text);
comment on type app_public.summary is 'How many, and the first.';
`,
  'sql/functions/app_public/summarise.sql': `create function app_public.summarise(kind app_base.kind) returns app_public.summary
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
  answer app_public.summary;
begin
  select count(*), min(t.name) into answer
  from app_public.things as t
  where t.kind = summarise.kind;
  return answer;
end
$$;
comment on function app_public.summarise(app_base.kind) is 'Things of one kind.';
grant execute on function app_public.summarise(app_base.kind) to app_analyst;
`,
  'sql/functions/app_public/first_name.sql': `create function app_public.first_name() returns text
language sql stable set search_path = pg_catalog, pg_temp
as $$
  select (app_public.summarise('round')).first_name
$$;
comment on function app_public.first_name() is 'The first round thing.';
`,
  'sql/matviews/app_public/thing_counts.sql': `create materialized view app_public.thing_counts as
select t.kind, count(*) as thing_count from app_public.things as t group by t.kind;
create unique index thing_counts_key on app_public.thing_counts (kind);
`,
  'sql/views/app_public/named_things.sql': `create view app_public.named_things with (security_invoker) as
select t.id, t.name, app_public.first_name() as first_name from app_public.things as t;
comment on view app_public.named_things is 'Things.';
grant select on app_public.named_things to app_analyst;
`,
  'triggers/app_public/things/100_see.sql': `create function app_private.tg_things__see() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
  new.seen_at := now();
  return new;
end
$$;
comment on function app_private.tg_things__see() is 'Remembers when.';
create trigger _100_see before insert on app_public.things for each row execute function app_private.tg_things__see();
`,
  'sql/policies/app_public/things.sql': `comment on table app_public.things is 'Things.';
comment on column app_public.things.name is 'What it is called.';
grant select (id, name, kind), insert (name) on app_public.things to app_analyst;
create policy things_analyst_read on app_public.things for select to app_analyst using (true);
`,
  'sql/policies/app_public/thing_counts.sql': `comment on materialized view app_public.thing_counts is 'Things by kind.';
grant select on app_public.thing_counts to app_visitor;
`,
}

/**
 * Makes such a project and a database into which it is deployed already; with `isFresh` an empty one. Both go when the
 * test ends.
 */
export async function project(t: Test, options: { isFresh?: boolean } = {}): Promise<Project> {
  if (options.isFresh === true) return make(t, await emptyDatabase(t))
  deployed ??= deployOnce()
  return make(t, await copyOf(t, await deployed))
}

// Deploying anew for each test would take most of its time; one copy per test file is enough.
let deployed: Promise<TestDatabase> | undefined

async function deployOnce(): Promise<TestDatabase> {
  const first = await project(root, { isFresh: true })
  await first.deploy()
  await first.db.client.end()
  return first.db
}

async function make(t: Test, db: TestDatabase): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'parcelle-project-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const schemas = 'sql/migrations/0001_create-schemas.sql'
  const made: Project = {
    root: folder,
    db,
    async write(path, text) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text)
    },
    remove: (path) => rm(join(folder, path)),
    read: (path) => readFile(join(folder, path), 'utf8'),
    deploy: (options) => deploy({ url: db.url, root: folder, reference: [], wait: 30, ...options }),
  }
  await made.write(schemas, await readFile(new URL(`../../${schemas}`, import.meta.url), 'utf8'))
  for (const [path, text] of Object.entries(files)) await made.write(path, text)
  return made
}
