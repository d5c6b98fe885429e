import type pg from 'pg'
import { ourSchemas } from './facts.ts'

/** Objects of rarer kinds (operators, text search configurations, collations, statistics), by name only. */
export async function otherObjects(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `with objects (catalogue, oid, schema) as (
      select 'pg_catalog.pg_operator'::regclass, o.oid, o.oprnamespace from pg_catalog.pg_operator as o
      union all
      select 'pg_catalog.pg_opclass'::regclass, o.oid, o.opcnamespace from pg_catalog.pg_opclass as o
      union all
      select 'pg_catalog.pg_opfamily'::regclass, o.oid, o.opfnamespace from pg_catalog.pg_opfamily as o
      union all
      select 'pg_catalog.pg_ts_config'::regclass, o.oid, o.cfgnamespace from pg_catalog.pg_ts_config as o
      union all
      select 'pg_catalog.pg_ts_dict'::regclass, o.oid, o.dictnamespace from pg_catalog.pg_ts_dict as o
      union all
      select 'pg_catalog.pg_collation'::regclass, o.oid, o.collnamespace from pg_catalog.pg_collation as o
      union all
      select 'pg_catalog.pg_conversion'::regclass, o.oid, o.connamespace from pg_catalog.pg_conversion as o
    )
    select format('-- %s %s', i.type, i.identity) as line
    from objects as o
    join pg_catalog.pg_namespace as n on n.oid = o.schema
    cross join lateral pg_identify_object(o.catalogue, o.oid, 0) as i
    where n.nspname = any ($1)
    union all
    select format('-- event trigger %I on %s: %s', e.evtname, e.evtevent, e.evtfoid::regproc)
    from pg_catalog.pg_event_trigger as e
    order by line`,
    [ourSchemas],
  )
  return rows.length === 0 ? [] : [`${rows.map(({ line }) => line).join('\n')}\n`]
}
