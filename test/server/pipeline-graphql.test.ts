import t from 'tap'
import { database } from '../lib/database.ts'
import { makePipeline, testTask, work } from '../tasks/lib/pipelines.ts'
import { serve } from './lib/serve.ts'

t.test('pipelines are triggered, looked at, called off and tried again over GraphQL', async (t) => {
  const db = await database(t)
  await makePipeline(db, 'shown', [
    { stage: 'a', task: 'fails', tries: 1 },
    { stage: 'b', task: 'fails' },
  ])
  const server = await serve(t, db)
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

t.test('a visitor neither sees runs nor triggers any, and nobody but operators sees leads', async (t) => {
  const db = await database(t)
  const server = await serve(t, db, '0.0.0.0')
  for (const query of [
    '{ pipelineRuns { nodes { id } } }',
    'mutation { cancelRun(input: { runId: 1 }) { result { id } } }',
  ]) {
    t.ok((await server.ask(query)).errors, query)
  }
  const rows = await db.query(
    `select r.role, has_table_privilege(r.role, 'app_public.offmarket_leads', 'select') as may
     from unnest('{app_visitor,app_analyst,app_operator}'::text[]) as r (role)`,
  )
  t.same(rows, [
    { role: 'app_visitor', may: false },
    { role: 'app_analyst', may: false },
    { role: 'app_operator', may: true },
  ])
})
