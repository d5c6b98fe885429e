import type pg from 'pg'
import { type Facts, ourSchemas } from './facts.ts'

type Routine = { oid: number; kind: string; signature: string; definition: string }

/** Functions, procedures and aggregates, with comment and grants. */
export async function routines(client: pg.ClientBase, facts: Facts): Promise<string[]> {
  const { rows } = await client.query<Routine>(
    `select p.oid,
      case p.prokind when 'a' then 'aggregate' when 'p' then 'procedure' else 'function' end as kind,
      format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) as signature,
      case when p.prokind <> 'a' then pg_get_functiondef(p.oid) else (
        select format('create aggregate %I.%I(%s) (sfunc = %s, stype = %s%s%s)', n.nspname, p.proname,
          pg_get_function_arguments(p.oid), a.aggtransfn::regproc, format_type(a.aggtranstype, null),
          case when a.aggfinalfn <> 0 then ', finalfunc = ' || a.aggfinalfn::regproc else '' end,
          ', initcond = ' || quote_literal(a.agginitval))
        from pg_catalog.pg_aggregate as a
        where a.aggfnoid = p.oid
      ) end as definition
    from pg_catalog.pg_proc as p
    join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
    where n.nspname = any ($1) and not exists (
      select from pg_catalog.pg_depend as d
      where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid and d.deptype in ('e', 'i')
    )
    order by array_position($1, n.nspname::text), p.proname, signature`,
    [ourSchemas],
  )
  return rows.map(({ oid, kind, signature, definition }) =>
    [
      `${definition.trimEnd()};`,
      ...facts.comment('pg_proc', oid, `${kind} ${signature}`),
      ...facts.grants(
        'pg_proc',
        oid,
        kind === 'procedure' ? `procedure ${signature}` : `function ${signature}`,
      ),
      '',
    ].join('\n'),
  )
}
