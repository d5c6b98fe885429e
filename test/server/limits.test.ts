import '../../server/graphile-env.ts'
import { parse } from 'postgraphile/graphql'
import t from 'tap'
import { firstOf, lastOf } from '../../server/plugins/page-limit.ts'
import { measureDocument, refusalOf } from '../../server/plugins/query-limit.ts'
import { database } from '../lib/database.ts'
import { serve } from './lib/serve.ts'

const { ask } = await serve(t, await database(t))

t.test('a page has 100 rows unless asked, and never more than 1000', async (t) => {
  const refused = { message: /at most 1000 rows/ }
  t.equal(firstOf([undefined, undefined]), 100)
  t.equal(firstOf([null, 5]), null)
  t.equal(firstOf([1000, null]), 1000)
  t.throws(() => firstOf([1001, null]), refused)
  t.throws(() => firstOf([-1, null]), refused)
  t.equal(lastOf(undefined), null)
  t.throws(() => lastOf(5000), refused)
})

t.test('the server keeps to them, with literals and with variables', async (t) => {
  const count = async (query: string, variables = {}) => {
    const { data } = await ask(query, variables)
    return (data as { cities: { nodes: unknown[] } }).cities.nodes.length
  }
  t.equal(await count('{ cities { nodes { name } } }'), 100)
  t.equal(await count('{ cities(last: 7) { nodes { name } } }'), 7)
  t.equal(await count('query($n: Int) { cities(first: $n) { nodes { name } } }', { n: 1000 }), 1000)
  t.equal(await count('query($n: Int) { cities(first: $n) { nodes { name } } }'), 100)
  const tooMany = await ask('query($n: Int) { cities(first: $n) { nodes { name } } }', { n: 1001 })
  t.match(tooMany.errors, [{ path: ['cities'], extensions: { code: 'PC400', hint: /page/ } }])
})

t.test('depth counts nested fields through fragments', async (t) => {
  const measured = measureDocument(parse('{ a { ...f } } fragment f on X { b { ... on Y { c } } }'), {})
  t.match(measured, { depth: 3, fields: 3 })
})

t.test('rows of pages within pages multiply, whether asked by literal, variable or not at all', async (t) => {
  const rows = (query: string, variables = {}) => measureDocument(parse(query), variables).rows
  t.equal(rows('{ a(first: 10) { nodes { b(last: 5) { edges { node { c } } } } } }'), 60)
  t.equal(rows('query($n: Int) { a(first: $n) { nodes { b { nodes { c } } } } }', { n: 2 }), 202)
  t.equal(rows('{ a { totalCount } }'), 0)
})

t.test('a document that grows without end is measured in no time', async (t) => {
  const doubling = Array.from(
    { length: 60 },
    (_, n) => `fragment f${n} on Query { a: __typename x${n} { ...f${n + 1} } y${n} { ...f${n + 1} } }`,
  )
  const document = parse(`{ ...f0 } ${doubling.join(' ')} fragment f60 on Query { z }`)
  const started = performance.now()
  const refusal = refusalOf(measureDocument(document, {}))
  t.equal(refusal?.code, 'PC422')
  t.ok(performance.now() - started < 200)
})

t.test('queries that are too deep, too wide or too large are refused before they run', async (t) => {
  const nest = (levels: number): string =>
    levels === 0 ? 'code' : `region { departments(first: 1) { nodes { ${nest(levels - 1)} } } }`
  const deep = await ask(`{ department(code: "35") { ${nest(4)} } }`)
  t.match(deep.errors, [{ message: /deeper/, extensions: { code: 'PC422' } }])
  const wide = await ask(
    `{ ${Array.from({ length: 501 }, (_, n) => `a${n}: presentInseeCode(code: "35238")`).join(' ')} }`,
  )
  t.match(wide.errors, [{ message: /500 fields/, extensions: { code: 'PC422' } }])
  const large = await ask('{ regions(first: 100) { nodes { departments(first: 1000) { nodes { name } } } } }')
  t.match(large.errors, [{ message: /100100 rows/, extensions: { code: 'PC422', hint: /smaller pages/ } }])
  const introspection = await ask(
    '{ __type(name: "Transaction") { fields { type { ofType { ofType { ofType { name } } } } } } }',
  )
  t.notOk(introspection.errors)
})
