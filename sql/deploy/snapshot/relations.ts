import type pg from 'pg'
import { type Facts, ourSchemas } from './facts.ts'
import { type Parts, readParts } from './parts.ts'

type Relation = {
  oid: number
  name: string
  kind: 'r' | 'p' | 'v' | 'm' | 'S'
  persistence: string
  options: string | null
  partitionKey: string | null
  definition: string | null
  hasRls: boolean
  isRlsForced: boolean
}

/** Tables, sequences of their own, views and materialized views, each with all that belongs to it. */
export async function relations(client: pg.ClientBase, facts: Facts): Promise<string[]> {
  const { rows } = await client.query<Relation>(
    `select c.oid, format('%I.%I', n.nspname, c.relname) as name,
      c.relkind::text as kind, c.relpersistence::text as persistence, array_to_string(c.reloptions, ', ') as options,
      case c.relkind
        when 'p' then pg_get_partkeydef(c.oid)
      end as "partitionKey",
      case
        when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid)
        when c.relkind = 'S' then (
          select format('as %s start %s increment %s%s', format_type(s.seqtypid, null), s.seqstart, s.seqincrement,
            case when s.seqcycle then ' cycle' else '' end)
          from pg_catalog.pg_sequence as s
          where s.seqrelid = c.oid
        )
      end as definition,
      c.relrowsecurity as "hasRls", c.relforcerowsecurity as "isRlsForced"
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = any ($1) and c.relkind in ('r', 'p', 'v', 'm', 'S') and not c.relispartition
      and not exists (
        select from pg_catalog.pg_depend as d
        where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid
          -- A sequence that belongs to its column is part of it.
          and (d.deptype = 'e' or d.deptype = 'i' and c.relkind = 'S')
      )
    order by array_position($1, n.nspname::text),
      case c.relkind when 'S' then 0 when 'm' then 2 when 'v' then 3 else 1 end, c.relname`,
    [ourSchemas],
  )
  const parts = await readParts(client)
  return rows.map((relation) => `${relationLines(relation, parts, facts).join('\n')}\n`)
}

const words = { r: 'table', p: 'table', v: 'view', m: 'materialized view', S: 'sequence' }

function relationLines(relation: Relation, parts: Parts, facts: Facts): string[] {
  const { oid, name, kind } = relation
  const what = `${words[kind]} ${name}`
  const columns = parts.columns.get(oid) ?? []
  const constraints = parts.constraints.get(oid) ?? []
  return [
    ...created(relation, what, [
      ...columns.map(({ definition }) => definition),
      ...constraints.map((constraint) => `constraint ${constraint.name} ${constraint.definition}`),
    ]),
    ...(parts.settings.get(oid) ?? []).map(({ definition }) => `alter ${what} ${definition};`),
    ...(parts.indexes.get(oid) ?? []).flatMap((index) => [
      `${index.definition};`,
      ...facts.comment('pg_class', index.oid, `index ${index.name}`),
    ]),
    ...(parts.statistics.get(oid) ?? []).map(({ definition }) => `${definition};`),
    ...(relation.hasRls ? [`alter ${what} enable row level security;`] : []),
    ...(relation.isRlsForced ? [`alter ${what} force row level security;`] : []),
    ...facts.comment('pg_class', oid, what),
    ...columns.flatMap((column) =>
      facts.comment('pg_class', oid, `column ${name}.${column.name}`, column.number),
    ),
    ...constraints.flatMap((constraint) =>
      facts.comment('pg_constraint', constraint.oid, `constraint ${constraint.name} on ${name}`),
    ),
    ...(parts.policies.get(oid) ?? []).flatMap((policy) => [
      `create policy ${policy.name} on ${name} ${policy.definition};`,
      ...facts.comment('pg_policy', policy.oid, `policy ${policy.name} on ${name}`),
    ]),
    ...facts.grants('pg_class', oid, kind === 'S' ? what : `table ${name}`),
    ...(parts.triggers.get(oid) ?? []).flatMap((trigger) => [
      `${trigger.definition};`,
      ...facts.comment('pg_trigger', trigger.oid, `trigger ${trigger.name} on ${name}`),
    ]),
  ]
}

function created(relation: Relation, what: string, inside: string[]): string[] {
  const { kind, options, definition } = relation
  const rest = options === null ? '' : ` with (${options})`
  if (kind === 'S') return [`create ${what} ${definition};`]
  if (kind === 'v' || kind === 'm') return [`create ${what}${rest} as`, definition ?? '']
  const unlogged = relation.persistence === 'u' ? 'unlogged ' : ''
  const partitions = relation.partitionKey === null ? '' : ` partition by ${relation.partitionKey}`
  return [
    `create ${unlogged}${what} (\n${inside.map((line) => `  ${line}`).join(',\n')}\n)${partitions}${rest};`,
  ]
}
