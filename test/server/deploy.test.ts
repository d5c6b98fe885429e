import '../../server/graphile-env.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { isPassing, retryPassing } from '../../server/retry.ts'
import { deploy } from '../../sql/deploy/deploy.ts'
import { addRelease, addSales } from '../fixtures/ledger.ts'
import { database } from '../lib/database.ts'
import { long } from '../lib/long.ts'
import { serve } from './lib/serve.ts'

t.test('clients of the server do not notice that everything is built anew under them', async (t) => {
  const db = await database(t)
  const release = await addRelease(db, '2025-10')
  await addSales(db, release, [{ longitude: -1.6, latitude: 48.1 }])
  const { ask } = await serve(t, db)
  const query = `{
    searchTransactions(commune: "35238") { nodes { id distanceM(longitude: 2, latitude: 48) } }
    nearestTransactions(longitude: -1.6, latitude: 48.1) { nodes { id } }
    resolveCity(name: "Rennes") { inseeCode }
    dvfPublications { nodes { isNewer } }
  }`
  let isOver = false
  let answered = 0
  const failures: unknown[] = []
  const client = async () => {
    while (!isOver) {
      const { errors } = await ask(query)
      if (errors === undefined) answered++
      else failures.push(errors)
      await sleep(10)
    }
  }
  const clients = Array.from({ length: 8 }, client)
  for (let times = 0; times < (long ? 10 : 1); times++) await deploy({ url: db.url, force: true })
  isOver = true
  await Promise.all(clients)
  t.strictSame(failures, [])
  t.ok(answered > 8, `${answered} requests were answered`)
})

t.test('only errors that pass are tried again, and not for ever', async (t) => {
  const error = (code: string, message: string) => Object.assign(new Error(message), { code })
  t.ok(isPassing(error('XX000', 'cache lookup failed for function 1234')))
  t.ok(isPassing(error('0A000', 'cached plan must not change result type')))
  t.notOk(isPassing(error('XX000', 'something else')))
  t.notOk(isPassing(error('42501', 'permission denied')))
  t.notOk(isPassing(new Error('cache lookup failed')))
  let tries = 0
  const passing = async () => {
    if (++tries < 3) throw error('42883', 'function does not exist')
    return 'found'
  }
  t.equal(await retryPassing(passing), 'found')
  t.equal(tries, 3)
  await t.rejects(
    retryPassing(async () => {
      tries++
      throw error('42883', 'function does not exist')
    }),
    { code: '42883' },
  )
  t.equal(tries, 7)
})
