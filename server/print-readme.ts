import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { functionNames, graphqlNames } from './plugins/graphql-names.ts'

const root = new URL('..', import.meta.url).pathname

/** The text between `<!-- name -->` and `<!-- /name -->`, replaced. Throws when the markers are missing. */
export function withSection(text: string, name: string, body: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [start, end] = [text.indexOf(open), text.indexOf(close)]
  if (start === -1 || end < start) throw new Error(`README.md has no ${open} … ${close}`)
  return `${text.slice(0, start + open.length)}\n\n${body.trim()}\n\n${text.slice(end)}`
}

/** The first sentence of a comment, on one line, fit for a cell of a Markdown table. */
export function firstSentence(comment: string): string {
  const paragraph = (comment.trim().split(/\n\s*\n/)[0] ?? '').replace(/\s+/g, ' ')
  const sentence = /^.*?[.!?](?=\s|$)/.exec(paragraph)?.[0] ?? paragraph
  return sentence.replaceAll('|', '\\|')
}

type ApiObject = {
  name: string
  kind: 'relation' | 'function'
  table: string | null
  visitor: boolean
  analyst: boolean
  comment: string
}

async function readObjects(url: string): Promise<ApiObject[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'parcelle snapshot' })
  await client.connect()
  try {
    const { rows } = await client.query<ApiObject>(
      `select c.relname as name, 'relation' as kind, null as table,
         has_table_privilege('app_visitor', c.oid, 'select') as visitor,
         has_table_privilege('app_analyst', c.oid, 'select') as analyst, obj_description(c.oid, 'pg_class') as comment
       from pg_catalog.pg_class as c
       where c.relnamespace = 'app_public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
         and (has_table_privilege('app_visitor', c.oid, 'select') or has_table_privilege('app_operator', c.oid, 'select'))
       union all
       select p.proname, 'function',
         (select c.relname from pg_catalog.pg_class as c
          where c.reltype = p.proargtypes[0] and starts_with(p.proname, c.relname || '_')),
         has_function_privilege('app_visitor', p.oid, 'execute'), has_function_privilege('app_analyst', p.oid, 'execute'),
         obj_description(p.oid, 'pg_proc')
       from pg_catalog.pg_proc as p
       where p.pronamespace = 'app_public'::regnamespace
         and (has_function_privilege('app_visitor', p.oid, 'execute')
           or has_function_privilege('app_operator', p.oid, 'execute'))
       order by name`,
    )
    return rows
  } finally {
    await client.end()
  }
}

const camel = (name: string) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
const upper = (name: string) => name.charAt(0).toUpperCase() + name.slice(1)

/** The names of the fields of a type of the GraphQL schema. */
function fieldsOf(schema: string, type: string): Set<string> {
  const body = new RegExp(`^type ${type}\\b[^{]*\\{\\n(.*?)^\\}`, 'ms').exec(schema)?.[1] ?? ''
  return new Set([...body.matchAll(/^ {2}(\w+)[(:]/gm)].map(([, name = '']) => name))
}

/** Where GraphQL shows an object: a field of Query or of Mutation, a field of a type, or nowhere. */
function graphqlName(schema: string, object: ApiObject): string {
  if (object.table !== null) {
    const type = upper(camel(object.table.replace(/s$/, '')))
    const field = camel(object.name.slice(object.table.length + 1))
    return fieldsOf(schema, type).has(field) ? `\`${type}.${field}\`` : ''
  }
  const name = functionNames[object.name] ?? camel(graphqlNames[object.name] ?? object.name)
  const plurals = [`${name.replace(/y$/, 'ie')}s`, `${name}s`]
  const candidates = object.kind === 'function' ? [name] : [...plurals, name]
  const roots = [fieldsOf(schema, 'Query'), fieldsOf(schema, 'Mutation')]
  const found = candidates.find((candidate) => roots.some((root) => root.has(candidate)))
  return found === undefined ? '' : `\`${found}\``
}

function table(title: string, objects: ApiObject[], schema: string): string {
  const rows = objects.map((object) => {
    const who = object.visitor ? 'everybody' : object.analyst ? 'analyst' : 'operator'
    return `| \`${object.name}\` | ${graphqlName(schema, object)} | ${who} | ${firstSentence(object.comment)} |`
  })
  return [`| ${title} | GraphQL | for | what it is |`, '|---|---|---|---|', ...rows].join('\n')
}

/** README.md with the API's table as a deployed database describes itself; `url` is the owner's. */
export async function printReadme(url: string): Promise<string> {
  const [readme, schema, objects] = await Promise.all([
    readFile(join(root, 'README.md'), 'utf8'),
    readFile(join(root, 'server/schema.graphql'), 'utf8'),
    readObjects(url),
  ])
  const relations = objects.filter(({ kind }) => kind === 'relation')
  const functions = objects.filter(({ kind }) => kind === 'function')
  return withSection(
    readme,
    'api',
    [table('table or view', relations, schema), table('function', functions, schema)].join('\n\n'),
  )
}
