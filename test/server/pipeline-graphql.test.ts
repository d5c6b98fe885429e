import t from 'tap'
import { addHomes, addSource } from '../fixtures/homes.ts'
import { database } from '../lib/database.ts'
import { makePipeline, testTask, work } from '../tasks/lib/pipelines.ts'
import { serve } from './lib/serve.ts'

// Building a schema is what takes time: one server for each role answers all.
const db = await database(t)
const server = await serve(t, db)
// Told to answer operators, which it does not from where anybody can ask.
const fromAfar = await serve(t, db, '0.0.0.0', 'operator')

t.test('pipelines are triggered, looked at, called off and tried again over GraphQL', async (t) => {
  await makePipeline(db, 'shown', [
    { stage: 'a', task: 'fails', tries: 1 },
    { stage: 'b', task: 'fails' },
  ])
  const ask = async (
    query: string,
    variables: Record<string, unknown> = {},
  ): Promise<Record<string, unknown>> => {
    const answer = await server.ask(query, variables)
    t.equal(answer.errors, undefined)
    return answer.data as Record<string, unknown>
  }
  const triggered = await ask(
    `mutation { triggerPipeline(input: { name: "shown", params: { colour: "blue" } }) { result { id status } } }`,
  )
  const run = (triggered.triggerPipeline as { result: { id: number } }).result
  t.match(run, { status: 'running' })
  await work(db, [
    testTask('fails', async () => {
      throw new Error('as ever')
    }),
  ])
  t.match(
    await ask(
      `query($id: Int!) {
        pipelinesOverviews(filter: { name: { equalTo: "shown" } }) { nodes { name lastStatus failedCount } }
        pipeline(name: "shown") {
          stages(orderBy: STAGE_NO_ASC) { nodes { stage task dependsOn } }
          runs(orderBy: ID_DESC) { nodes { id status } }
        }
        pipelineRun(id: $id) {
          status params error
          stages(orderBy: STAGE_NO_ASC) { nodes { stage status taskCount failedCount } }
          tasks { nodes { status attemptCount error attempts { nodes { outcome error } } stage { stage } } }
        }
      }`,
      { id: run.id },
    ),
    {
      pipelinesOverviews: { nodes: [{ name: 'shown', lastStatus: 'failed', failedCount: 1 }] },
      pipeline: {
        stages: {
          nodes: [
            { stage: 'a', dependsOn: [] },
            { stage: 'b', dependsOn: ['a'] },
          ],
        },
        runs: { nodes: [{ id: run.id, status: 'failed' }] },
      },
      pipelineRun: {
        params: { colour: 'blue' },
        error: 'a: as ever',
        stages: { nodes: [{ stage: 'a', status: 'failed', failedCount: 1 }, { status: 'waiting' }] },
        tasks: {
          nodes: [
            {
              status: 'failed',
              attempts: { nodes: [{ outcome: 'failed', error: 'as ever' }] },
              stage: { stage: 'a' },
            },
          ],
        },
      },
    },
  )
  t.match(
    await ask('mutation($id: Int!) { retryRun(input: { runId: $id }) { result { status } } }', {
      id: run.id,
    }),
    {
      retryRun: { result: { status: 'running' } },
    },
  )
  t.match(
    await ask('mutation($id: Int!) { cancelRun(input: { runId: $id }) { result { status } } }', {
      id: run.id,
    }),
    {
      cancelRun: { result: { status: 'cancelled' } },
    },
  )
  const refused = await server.ask('mutation { triggerPipeline(input: { name: "nix" }) { result { id } } }')
  t.match(refused.errors, [{ extensions: { code: 'PC404' } }])
})

t.test('a visitor neither sees runs nor triggers any', async (t) => {
  for (const query of [
    '{ pipelineRuns { nodes { id } } }',
    'mutation { cancelRun(input: { runId: 1 }) { result { id } } }',
    '{ offmarketLeads { nodes { score } } }',
  ]) {
    t.ok((await fromAfar.ask(query)).errors, query)
  }
})

t.test('leads are for operators, who see and do besides what analysts do', async (t) => {
  const [id] = await addHomes(db, await addSource(db, 'portal'), 1)
  await db.query(
    `insert into offmarket_leads (property_id, insee_code, department_code, property_type, score, reasons)
     values ($1, '35238', '35', 'house', 0.5, '[{"rule": "withdrawn"}]')`,
    [id],
  )
  const query = `{
    offmarketLeads(filter: { departmentCode: { equalTo: "35" }, endedAt: { isNull: true } }, orderBy: SCORE_DESC) {
      nodes { score reasons city { name } property { address source { code } } }
    }
  }`
  const refused = await server.ask(query)
  t.match(refused.errors, [
    { message: 'not allowed to see leads', extensions: { code: 'PC403', hint: /operator/ } },
  ])
  const { ask } = await serve(t, db, '127.0.0.1', 'operator')
  t.strictSame((await ask(query)).data, {
    offmarketLeads: {
      nodes: [
        {
          score: 0.5,
          reasons: [{ rule: 'withdrawn' }],
          city: { name: 'Rennes' },
          property: { address: '1 Rue Haute', source: { code: 'portal' } },
        },
      ],
    },
  })
  const updated = await ask(
    `mutation { updateSource(input: { source: "portal", reliability: 0.5, removalGrace: { days: 3 }, config: { a: 1 } }) {
      result { reliability config }
    } }`,
  )
  t.strictSame(updated.data, { updateSource: { result: { reliability: 0.5, config: { a: 1 } } } })
  const wrong = await ask('mutation { updateSource(input: { source: "nix" }) { result { code } } }')
  t.match(wrong.errors, [{ extensions: { code: 'PC404' } }])
  t.match((await fromAfar.ask(query)).errors, [{ extensions: { code: 'PC403' } }])
})
