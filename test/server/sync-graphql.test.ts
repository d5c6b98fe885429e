import http from 'node:http'
import t from 'tap'
import { database } from '../lib/database.ts'
import { home, homes, makeSource, report, stage } from '../lib/sessions.ts'
import { type Answer, serve, type TestServer } from './lib/serve.ts'

const unknown = '00000000-0000-4000-8000-000000000000'

/** The data of an answer that has no errors. */
function dataOf<T>(answer: Answer): T {
  if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors))
  return answer.data as T
}

/** Calls a mutation with a session, and gives its result. */
async function call<T>(server: TestServer, name: string, session: string, selection = ''): Promise<T> {
  const answer = await server.ask(
    `mutation($id: UUID!) { done: ${name}(input: { sessionId: $id }) { result ${selection} } }`,
    { id: session },
  )
  return dataOf<{ done: { result: T } }>(answer).done.result
}

// Building a schema is what takes time: one server answers all that are asked on loopback, and each test has a source.
const db = await database(t)
const server = await serve(t, db)

t.test('every operation of the sync engine is a query or a mutation', async (t) => {
  const schema = dataOf<{ __schema: Record<'queryType' | 'mutationType', { fields: { name: string }[] }> }>(
    await server.ask('{ __schema { queryType { fields { name } } mutationType { fields { name } } } }'),
  ).__schema
  const namesOf = (type: 'queryType' | 'mutationType') => new Set(schema[type].fields.map(({ name }) => name))
  const [queries, mutations] = [namesOf('queryType'), namesOf('mutationType')]
  for (const name of [
    'generateQualityReport',
    'getSyncMetrics',
    'getPendingSessions',
    'getSyncDashboardData',
    'findDuplicates',
    'propertiesAsOf',
    'propertyHistory',
    'verifyAudit',
    'changeEventsSince',
    'scrapeSessions',
    'liveProperties',
    'propertyChanges',
  ])
    t.ok(queries.has(name), `query ${name}`)
  for (const name of [
    'beginSession',
    'stageProperties',
    'finishSession',
    'syncSession',
    'validateStagingData',
    'detectChanges',
    'saveChangeRecords',
    'syncSessionData',
    'dailySyncWorkflow',
    'batchSyncWorkflow',
    'acceptSession',
    'rejectSession',
    'undoSession',
    'runQualityChecks',
    'cleanupOldData',
    'migratePulledPropertiesToLive',
  ])
    t.ok(mutations.has(name), `mutation ${name}`)
  t.ok(queries.has('tryRule') || mutations.has('tryRule'), 'tryRule')
})

t.test('a session is filled, looked at, synced and reported on over GraphQL alone', async (t) => {
  await makeSource(db, 'june')
  const begun = dataOf<{ beginSession: { result: { id: string; status: string } } }>(
    await server.ask(
      'mutation { beginSession(input: { source: "june", name: "june", isComplete: true }) { result { id status } } }',
    ),
  ).beginSession.result
  t.equal(begun.status, 'queued')
  const staged = dataOf<{ stageProperties: { result: number } }>(
    await server.ask(
      'mutation($id: UUID!, $rows: JSON!) { stageProperties(input: { sessionId: $id, rows: $rows }) { result } }',
      { id: begun.id, rows: homes(1, 40) },
    ),
  )
  t.equal(staged.stageProperties.result, 40)
  dataOf(
    await server.ask(
      'mutation($id: UUID!) { finishSession(input: { sessionId: $id }) { result { stagedCount } } }',
      {
        id: begun.id,
      },
    ),
  )
  const waiting = dataOf<{ getPendingSessions: { nodes: { name: string }[] } }>(
    await server.ask('{ getPendingSessions { nodes { name } } }'),
  )
  t.same(waiting.getPendingSessions.nodes, [{ name: 'june' }])

  await call(server, 'validateStagingData', begun.id, '{ outcome failedCount }')
  const preview = await call<{ kind: string }[]>(
    server,
    'detectChanges',
    begun.id,
    '{ kind sourceKey confidence }',
  )
  t.same(new Set(preview.map(({ kind }) => kind)), new Set(['new']))
  t.equal(await call<number>(server, 'saveChangeRecords', begun.id), preview.length)
  t.match(await call(server, 'syncSessionData', begun.id, '{ status newCount }'), {
    status: 'completed',
    newCount: 40,
  })

  const seen = dataOf<Record<string, unknown>>(
    await server.ask(
      `query($id: UUID!) {
        getSyncMetrics(sessionId: $id) { source status newCount rowsPerSecond durationsMs }
        generateQualityReport(sessionId: $id)
        getSyncDashboardData(days: 1)
        scrapeSession(id: $id) { name status source { code } sync { newCount } }
        liveProperties(first: 1, orderBy: SOURCE_KEY_ASC) { totalCount nodes { sourceKey priceEur } }
      }`,
      { id: begun.id },
    ),
  )
  t.match(seen, {
    getSyncMetrics: { source: 'june', status: 'completed', newCount: 40 },
    generateQualityReport: { session: { name: 'june' }, verdict: /passed|warned|failed/ },
    getSyncDashboardData: { totals: { completed_count: 1 } },
    scrapeSession: { name: 'june', status: 'completed', source: { code: 'june' }, sync: { newCount: 40 } },
    liveProperties: { totalCount: 40, nodes: [{ sourceKey: 'home-1' }] },
  })
  const checks = await server.ask(
    'mutation { runQualityChecks(input: {}) { result { source metric value outcome } } }',
  )
  t.equal(dataOf<{ runQualityChecks: { result: unknown[] } }>(checks).runQualityChecks.result.length, 7)
})

t.test('a held session is decided, an applied one undone, over GraphQL', async (t) => {
  const source = await makeSource(db, 'decided')
  await report(db, source, homes(1, 60))
  const half = await stage(db, source, homes(1, 20))
  const held = await call<{ status: string; heldReasons: { reason: string }[] }>(
    server,
    'syncSession',
    half,
    '{ status heldReasons }',
  )
  t.match(held, { status: 'held', heldReasons: [{ reason: 'many_gone' }] })
  t.match(await call(server, 'rejectSession', half, '{ status }'), { status: 'cancelled' })
  const again = await stage(db, source, homes(1, 20))
  await call(server, 'syncSession', again, '{ status }')
  t.match(await call(server, 'acceptSession', again, '{ status likelyRemovedCount }'), {
    status: 'completed',
    likelyRemovedCount: 40,
  })
  const undone = await server.ask(
    'mutation($id: UUID!) { undoSession(input: { sessionId: $id }) { clientMutationId } }',
    {
      id: again,
    },
  )
  t.equal(undone.errors, undefined, JSON.stringify(undone.errors))
  const left = await server.ask(
    '{ liveProperties(filter: { status: { equalTo: active }, source: { code: { equalTo: "decided" } } }) { totalCount } }',
  )
  t.same(left.data, { liveProperties: { totalCount: 60 } })
})

t.test('what goes wrong has a code and a hint', async (t) => {
  const source = await makeSource(db, 'refused')
  const { session_id } = await report(db, source, homes(1, 3))
  const cases: [query: string, variables: Record<string, unknown>, code: string][] = [
    [
      'mutation($id: UUID!) { syncSession(input: { sessionId: $id }) { result { status } } }',
      { id: unknown },
      'PC404',
    ],
    [
      'mutation($id: UUID!) { syncSession(input: { sessionId: $id }) { result { status } } }',
      { id: session_id },
      'PC409',
    ],
    [
      'mutation($id: UUID!) { acceptSession(input: { sessionId: $id }) { result { status } } }',
      { id: session_id },
      'PC409',
    ],
    ['query($id: UUID!) { generateQualityReport(sessionId: $id) }', { id: unknown }, 'PC404'],
    ['query($id: UUID!) { getSyncMetrics(sessionId: $id) { status } }', { id: unknown }, 'PC404'],
    ['{ getSyncDashboardData(days: 0) }', {}, 'PC400'],
    ['mutation { beginSession(input: { source: "nobody" }) { result { id } } }', {}, 'PC404'],
  ]
  for (const [query, variables, code] of cases) {
    const { errors } = await server.ask(query, variables)
    t.equal(errors?.[0]?.extensions?.code, code, query)
    t.match(errors?.[0]?.extensions?.hint, /\w/, query)
  }
  t.equal((await server.ask('{ __typename }')).errors, undefined, 'and the server goes on')
})

t.test('a mutation lists a page of its result at most', async (t) => {
  const source = await makeSource(db, 'large')
  const session = await stage(db, source, homes(1, 1100))
  const preview = await call<unknown[]>(server, 'detectChanges', session, '{ sourceKey }')
  t.equal(preview.length, 1000)
  t.equal(await call<number>(server, 'saveChangeRecords', session), 1100)
  const kept = await server.ask(
    'query($id: UUID!) { detectedChanges(first: 1, filter: { sessionId: { equalTo: $id } }) { totalCount } }',
    { id: session },
  )
  t.same(kept.data, { detectedChanges: { totalCount: 1100 } })
})

t.test('a visitor operates nothing and sees no home', async (t) => {
  const source = await makeSource(db, 'unseen')
  await report(db, source, homes(1, 30))
  const session = await stage(db, source, [home(1)])
  const visited = await serve(t, db, '0.0.0.0')
  for (const query of [
    `mutation { syncSession(input: { sessionId: "${session}" }) { result { status } } }`,
    'mutation { runQualityChecks(input: {}) { result { metric } } }',
    '{ liveProperties { nodes { id } } }',
    '{ scrapeSessions { nodes { id } } }',
    '{ propertyChanges { nodes { kind } } }',
    '{ getSyncDashboardData(days: 1) }',
  ]) {
    const { errors } = await visited.ask(query)
    t.equal(errors?.[0]?.extensions?.code, 'PC403', query)
  }
  const open = await visited.ask(
    '{ qualityThresholds { totalCount } dataQualityMetrics(first: 1) { nodes { metric } } listingStats { nodes { listingCount } } }',
  )
  t.equal(open.errors, undefined, JSON.stringify(open.errors))
  const { listingStats } = open.data as { listingStats: { nodes: { listingCount: number }[] } }
  t.ok(listingStats.nodes.length > 0)
  t.ok(listingStats.nodes.every(({ listingCount }) => listingCount >= 5))
})

/** Asks a server under another name than its own, as a page of the web could make a browser do. */
async function askAs(url: string, name: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      `${url}/graphql`,
      { method: 'POST', headers: { host: name, 'content-type': 'application/json' } },
      async (response) => {
        let body = ''
        for await (const chunk of response) body += chunk
        resolve({ status: response.statusCode ?? 0, body })
      },
    )
    request.on('error', reject)
    request.end(JSON.stringify({ query: '{ __typename }' }))
  })
}

t.test('a loopback address answers under its own names only', async (t) => {
  const port = new URL(server.url).port
  for (const name of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`])
    t.equal((await askAs(server.url, name)).status, 200, name)
  for (const name of ['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example']) {
    const { status, body } = await askAs(server.url, name)
    t.equal(status, 403, name)
    t.match(JSON.parse(body), { errors: [{ extensions: { code: 'PC403', hint: /HOST/ } }] })
  }
})
