import type pg from 'pg'

/** The schemas a snapshot tells about. */
export const ourSchemas = ['app_base', 'app_public', 'app_private', 'app_deploy']

/** The catalogue an object is listed in. */
export type Catalogue =
  | 'pg_namespace'
  | 'pg_class'
  | 'pg_type'
  | 'pg_proc'
  | 'pg_constraint'
  | 'pg_trigger'
  | 'pg_policy'

/** What may be said about any object: comments and grants, found by catalogue and oid. */
export type Facts = {
  /** `comment on <what> is …` as a line, or none; `column` counts from 1, 0 is the object itself. */
  comment(catalogue: Catalogue, oid: number, what: string, column?: number): string[]
  /** `grant … on <what> to …` lines, the owner's own rights left out. */
  grants(catalogue: Catalogue, oid: number, what: string): string[]
}

type Grant = {
  catalogue: string
  oid: number
  column: string | null
  grantee: string
  privilege: string
  is_grantable: boolean
}

/** Reads every comment and grant once. */
export async function readFacts(client: pg.ClientBase): Promise<Facts> {
  const comments = await client.query<{ key: string; text: string }>(
    `select format('%s:%s:%s', c.relname, d.objoid, d.objsubid) as key, d.description as text
    from pg_catalog.pg_description as d
    join pg_catalog.pg_class as c on c.oid = d.classoid`,
  )
  const texts = new Map(comments.rows.map(({ key, text }) => [key, text]))
  const { rows } = await client.query<Grant>(grantsQuery, [ourSchemas])
  const grants = Map.groupBy(rows, (grant) => `${grant.catalogue}:${grant.oid}`)
  return {
    comment(catalogue, oid, what, column = 0) {
      const text = texts.get(`${catalogue}:${oid}:${column}`)
      return text === undefined ? [] : [`comment on ${what} is ${quoted(text)};`]
    },
    grants(catalogue, oid, what) {
      return grantLines(grants.get(`${catalogue}:${oid}`) ?? [], what)
    },
  }
}

/** A text as a literal: in quotes when it is one line without any, else between dollars. */
export function quoted(text: string): string {
  if (!/['\\\n]/.test(text)) return `'${text}'`
  let tag = '$$'
  for (let n = 1; text.includes(tag); n++) tag = `$t${n}$`
  return `${tag}${text}${tag}`
}

function grantLines(grants: Grant[], what: string): string[] {
  const ofGrantee = Map.groupBy(
    grants,
    ({ grantee, is_grantable }) => `${grantee}${is_grantable ? ' with grant option' : ''}`,
  )
  const rights = [...ofGrantee].map(([grantee, of]) => ({ grantee, privileges: privilegeList(of) }))
  return [...Map.groupBy(rights, ({ privileges }) => privileges)].map(
    ([privileges, to]) => `grant ${privileges} on ${what} to ${to.map(({ grantee }) => grantee).join(', ')};`,
  )
}

function privilegeList(grants: Grant[]): string {
  const ofPrivilege = Map.groupBy(grants, ({ privilege }) => privilege.toLowerCase())
  const words = [...ofPrivilege].map(([privilege, of]) => {
    const columns = of.flatMap(({ column }) => (column === null ? [] : [column]))
    const isWhole = of.some(({ column }) => column === null)
    return isWhole || columns.length === 0 ? privilege : `${privilege} (${columns.join(', ')})`
  })
  return words.join(', ')
}

// A missing list of rights means the default one, which for routines lets everybody in: that has to be seen.
const grantsQuery = `
with objects (catalogue, oid, subid, column_name, owner, acl) as (
  select 'pg_namespace', n.oid, 0, null::name, n.nspowner, n.nspacl
  from pg_catalog.pg_namespace as n
  where n.nspname = any ($1 || '{extensions}'::text[])
  union all
  select 'pg_class', c.oid, 0, null, c.relowner, c.relacl
  from pg_catalog.pg_class as c
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  where n.nspname = any ($1) and not c.relispartition
  union all
  select 'pg_class', c.oid, a.attnum, a.attname, c.relowner, a.attacl
  from pg_catalog.pg_class as c
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  join pg_catalog.pg_attribute as a on a.attrelid = c.oid and not a.attisdropped
  where n.nspname = any ($1) and not c.relispartition and a.attacl is not null
  union all
  select 'pg_proc', p.oid, 0, null, p.proowner, coalesce(p.proacl, acldefault('f', p.proowner))
  from pg_catalog.pg_proc as p
  join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
  where n.nspname = any ($1)
  union all
  select 'pg_type', t.oid, 0, null, t.typowner, t.typacl
  from pg_catalog.pg_type as t
  join pg_catalog.pg_namespace as n on n.oid = t.typnamespace
  where n.nspname = any ($1)
)
select o.catalogue, o.oid, quote_ident(o.column_name) as column,
  case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end as grantee,
  a.privilege_type as privilege, a.is_grantable
from objects as o
cross join lateral aclexplode(o.acl) as a
where a.grantee <> o.owner
order by o.catalogue, o.oid, a.grantee <> 0, 4, a.is_grantable, a.privilege_type, o.subid`
