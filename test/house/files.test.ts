import { glob, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import t from 'tap'
import { type Definition, readDefinitions } from '../../sql/deploy/files.ts'
import { statements } from '../../sql/deploy/statements.ts'
import { database } from '../lib/database.ts'
import { noOffenders } from './lib/none.ts'

const root = new URL('../..', import.meta.url).pathname

const definitions = await readDefinitions(root)

// Written apart, so that this file does not name what it looks for.
const unfinished = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b`)

/** What a file must create to be where it is: `function app_public.resolve_city`. */
function identity({ path, kind }: Definition): string {
  const [, , schema, file] = path.split('/')
  const name = basename(file ?? '', '.sql')
  if (kind === 'triggers') return ''
  const word = {
    types: 'type',
    functions: 'function',
    matviews: 'materialized view',
    views: 'view',
    policies: '',
  }[kind]
  return `${word} ${schema}.${name}`.trim()
}

/** What a file's statements create: `function app_public.resolve_city`, in order. */
function created(text: string): string[] {
  return statements(text).flatMap(({ sql }) => {
    const found =
      /^create\s+(?:or\s+replace\s+|constraint\s+)?(function|procedure|aggregate|view|materialized view|type|trigger|policy|(?:unique )?index)\s+([\w.]+)(?:.*?\son\s+([\w.]+))?/is.exec(
        sql,
      )
    if (found === null) return []
    const [, kind = '', name = '', on] = found
    if (kind.endsWith('index')) return []
    return [
      kind === 'trigger' || kind === 'policy'
        ? `${kind} on ${on}`
        : `${kind.replace('procedure', 'function')} ${name}`,
    ]
  })
}

t.test('a definition file creates the object that its path names, and nothing else', async (t) => {
  const offenders = definitions.flatMap((definition) => {
    const { path, kind, text } = definition
    const [, , schema = '', file = ''] = path.split('/')
    const found = created(text)
    if (kind === 'triggers') {
      const table = path.split('/').slice(1, 3).join('.')
      const task = basename(path, '.sql').slice(4)
      const wanted = [`function app_private.tg_${table.split('.')[1]}__${task}`, `trigger on ${table}`]
      return JSON.stringify(found) === JSON.stringify(wanted)
        ? []
        : [`${path} creates ${found.join(', ') || 'nothing'}`]
    }
    if (kind === 'policies') {
      const wanted = `policy on ${schema}.${basename(file, '.sql')}`
      const other = found.filter((object) => object !== wanted)
      return other.length === 0 ? [] : [`${path} creates ${other.join(', ')}`]
    }
    return found.length === 1 && found[0] === identity(definition)
      ? []
      : [`${path} creates ${found.join(', ') || 'nothing'}`]
  })
  noOffenders(t, offenders)
})

t.test('every object that is defined has a file, every table a policies file', async (t) => {
  const db = await database(t)
  const rows = await db.query<{ path: string }>(`
    select format('sql/%s/%s/%s.sql', case c.relkind when 'v' then 'views' when 'm' then 'matviews' else 'types' end,
      n.nspname, c.relname) as path
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where n.nspname in ('app_public', 'app_private') and c.relkind in ('v', 'm', 'c')
    union all
    select format('sql/policies/%s/%s.sql', n.nspname, c.relname)
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where n.nspname in ('app_public', 'app_private') and c.relkind in ('r', 'p') and not c.relispartition
    union all
    select format('sql/functions/%s/%s.sql', n.nspname, p.proname)
    from pg_catalog.pg_proc as p
    join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
    where n.nspname in ('app_public', 'app_private') and p.proname !~ '^tg_'
    order by path`)
  const paths = new Set(definitions.map(({ path }) => path))
  noOffenders(
    t,
    rows.map(({ path }) => path).filter((path) => !paths.has(path)),
  )
})

t.test('definitions are plain creates that never cascade', async (t) => {
  const offenders = definitions.flatMap(({ path, text }) =>
    statements(text)
      .filter(({ sql }) =>
        /^create\s+or\s+replace|^create\s[\w\s]*if\s+not\s+exists|^drop\s|^alter\s+table/i.test(sql),
      )
      .map(({ sql, line }) => `${path}:${line} ${sql.split('\n')[0]}`),
  )
  noOffenders(t, offenders)
})

t.test('history holds what is stored, never what is computed or permitted', async (t) => {
  const offenders: string[] = []
  for await (const path of glob('sql/migrations/*.sql', { cwd: root })) {
    for (const { sql, line } of statements(await readFile(`${root}${path}`, 'utf8'))) {
      const isDefinition =
        /^create\s+(?:or\s+replace\s+)?(?:function|procedure)\s+app_(?:public|private)\./i.test(sql) ||
        /^create\s+(?:or\s+replace\s+)?(?:view|materialized\s+view|policy|trigger)\s/i.test(sql) ||
        /^comment\s+on\s+(?:table|column)\s/i.test(sql) ||
        /^grant\s.*\son\s+(?:table\s+)?app_(?:public|private)\./is.test(sql)
      if (isDefinition) offenders.push(`${path}:${line} ${sql.split('\n')[0]}`)
    }
  }
  noOffenders(t, offenders)
})

t.test('files are small and say everything in the present', async (t) => {
  const offenders: string[] = []
  const sources = ['sql', 'triggers', 'seeds', 'tasks', 'server', 'test', 'bin'].map(
    (folder) => `${folder}/**/*.{ts,js,sql}`,
  )
  for await (const path of glob(sources, { cwd: root })) {
    const isGenerated = path === 'sql/schema.sql'
    const text = await readFile(`${root}${path}`, 'utf8')
    const lines = text.split('\n').length
    if (lines > 400 && !isGenerated) offenders.push(`${path} has ${lines} lines: one subject per file`)
    if (text.includes('\r')) offenders.push(`${path} has carriage returns`)
    if (unfinished.test(text)) offenders.push(`${path} leaves something to be done`)
    if (/["'`]\/(?:home|root|work|Users)\//.test(text)) offenders.push(`${path} names a place on one machine`)
  }
  noOffenders(t, offenders)
})
