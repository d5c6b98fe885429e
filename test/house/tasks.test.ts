import { access, glob, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import t from 'tap'
import { database } from '../lib/database.ts'
import { noOffenders } from './lib/none.ts'

const root = new URL('../..', import.meta.url).pathname
const hasRegistry = await access(join(root, 'tasks/index.ts')).then(
  () => true,
  () => false,
)

t.test(
  'every task is a file, in the registry, and has a function that enqueues it',
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
    noOffenders(t, [
      ...files
        .filter((task) => !new RegExp(`/${task}\\.ts'`).test(registry))
        .map((task) => `tasks/index.ts has no ${task}`),
      ...files
        .filter((task) => !enqueued.includes(task))
        .map((task) => `app_private.enqueue_${task} does not exist`),
      ...enqueued.filter((task) => !files.includes(task)).map((task) => `tasks/${task}.ts defines no task`),
    ])
  },
)
