import { access, glob, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import t from 'tap'
import { seededPipelines } from '../../seeds/reference/pipelines.ts'
import { database } from '../lib/database.ts'
import { noOffenders } from './lib/none.ts'

const root = new URL('../..', import.meta.url).pathname
const hasRegistry = await access(join(root, 'tasks/index.ts')).then(
  () => true,
  () => false,
)

t.test(
  'every task is a file, in the registry, and is enqueued by a function or a stage',
  { skip: !hasRegistry },
  async (t) => {
    const files: string[] = []
    for await (const path of glob('tasks/*.ts', { cwd: root })) {
      const text = await readFile(join(root, path), 'utf8')
      if (/defineTask\(/.test(text) && /export default/.test(text)) files.push(basename(path, '.ts'))
    }
    const registry = await readFile(join(root, 'tasks/index.ts'), 'utf8')
    const db = await database(t)
    const rows = await db.query<{ task: string }>(`
    select substr(p.proname, 9) as task
    from pg_catalog.pg_proc as p
    where p.pronamespace = 'app_private'::regnamespace and p.proname ~ '^enqueue_'`)
    const enqueued = rows.map(({ task }) => task)
    const staged = new Set(
      seededPipelines.flatMap(({ stages }) => stages.map(({ task }) => task ?? 'run_sql_stage')),
    )
    noOffenders(t, [
      ...files
        .filter((task) => !new RegExp(`/${task}\\.ts'`).test(registry))
        .map((task) => `tasks/index.ts has no ${task}`),
      ...files
        .filter((task) => !enqueued.includes(task) && !staged.has(task))
        .map((task) => `app_private.enqueue_${task} does not exist, and no stage names it`),
      ...[...staged]
        .filter((task) => !files.includes(task))
        .map((task) => `a stage names ${task}, which is no task`),
      ...enqueued.filter((task) => !files.includes(task)).map((task) => `tasks/${task}.ts defines no task`),
    ])
  },
)

t.test('what a stage names in app_private is there, with the arguments it is called with', async (t) => {
  const db = await database(t)
  const rows = await db.query<{ offender: string }>(`
    select format('%s.%s: app_private.%s does not exist', s.pipeline, s.stage, f.signature) as offender
    from app_public.pipeline_stages as s
    cross join lateral (values
      (s.sql_function || '(integer, jsonb)'), (s.items_function || '(integer)')
    ) as f (signature)
    where f.signature is not null and to_regprocedure('app_private.' || f.signature) is null`)
  noOffenders(
    t,
    rows.map(({ offender }) => offender),
  )
})
