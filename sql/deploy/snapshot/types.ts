import type pg from 'pg'
import { type Facts, ourSchemas } from './facts.ts'

type TypeRow = { oid: number; relation: number; name: string; kind: string; body: string }

/** Enums, domains, ranges and composite types of their own. */
export async function types(client: pg.ClientBase, facts: Facts): Promise<string[]> {
  const { rows } = await client.query<TypeRow>(
    `select t.oid, t.typrelid as relation,
      format('%I.%I', n.nspname, t.typname) as name,
      t.typtype::text as kind,
      case t.typtype
        when 'e' then (
          select string_agg('  ' || quote_literal(e.enumlabel), E',\n' order by e.enumsortorder)
          from pg_catalog.pg_enum as e
          where e.enumtypid = t.oid
        )
        when 'd' then concat_ws(' ',
          format_type(t.typbasetype, t.typtypmod),
          'default ' || t.typdefault,
          case when t.typnotnull then 'not null' end,
          (
            select string_agg(format('constraint %I %s', c.conname, pg_get_constraintdef(c.oid)), ' ' order by c.conname)
            from pg_catalog.pg_constraint as c
            where c.contypid = t.oid and c.contype = 'c'
          ))
        when 'r' then (
          select 'subtype = ' || format_type(r.rngsubtype, null)
          from pg_catalog.pg_range as r
          where r.rngtypid = t.oid
        )
        when 'c' then (
          select string_agg(format('  %I %s', a.attname, format_type(a.atttypid, a.atttypmod)), E',\n' order by a.attnum)
          from pg_catalog.pg_attribute as a
          where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
        )
      end as body
    from pg_catalog.pg_type as t
    join pg_catalog.pg_namespace as n on n.oid = t.typnamespace
    left join pg_catalog.pg_class as c on c.oid = t.typrelid
    where n.nspname = any ($1) and (t.typtype in ('e', 'd', 'r') or t.typtype = 'c' and c.relkind = 'c')
    order by array_position($1, n.nspname::text), t.typname`,
    [ourSchemas],
  )
  const columns = await client.query<{ relation: number; number: number; name: string }>(
    `select a.attrelid as relation, a.attnum as number, quote_ident(a.attname) as name
    from pg_catalog.pg_attribute as a
    join pg_catalog.pg_class as c on c.oid = a.attrelid
    where c.relkind = 'c' and a.attnum > 0 and not a.attisdropped
    order by a.attnum`,
  )
  return rows.map((type) => {
    const what = `${type.kind === 'd' ? 'domain' : 'type'} ${type.name}`
    const said = columns.rows
      .filter(({ relation }) => relation === type.relation)
      .flatMap(({ number, name }) =>
        facts.comment('pg_class', type.relation, `column ${type.name}.${name}`, number),
      )
    return [
      created(type),
      ...facts.comment('pg_type', type.oid, what),
      ...said,
      ...facts.grants('pg_type', type.oid, what),
      '',
    ].join('\n')
  })
}

function created({ kind, name, body }: TypeRow): string {
  if (kind === 'e') return `create type ${name} as enum (\n${body}\n);`
  if (kind === 'd') return `create domain ${name} as ${body};`
  if (kind === 'r') return `create type ${name} as range (${body});`
  return `create type ${name} as (\n${body}\n);`
}
