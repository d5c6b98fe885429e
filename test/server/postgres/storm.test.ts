import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import t from 'tap'
import { withDatabase } from '../../../server/postgres/house.ts'
import { existingHome } from '../../../server/postgres/place.ts'
import { serverProcesses } from '../../../server/postgres/processes.ts'
import { long } from '../../lib/long.ts'
import { ask, freshConfig, type Holder, hold, killIfThere, postmaster, silent } from './lib.ts'

t.setTimeout(600_000)

type Act = { kind: 'come' | 'leave' | 'kill' | 'kill the server' | 'write'; wait: number }

const acts = fc.array(
  fc.record<Act>({
    kind: fc.constantFrom('come', 'come', 'leave', 'kill', 'kill the server', 'write'),
    wait: fc.integer({ min: 0, max: 300 }),
  }),
  { minLength: 4, maxLength: 10 },
)

t.test('whatever commands come, leave and are killed, every committed row stays', async (t) => {
  const config = freshConfig(t)
  await withDatabase(config, silent, (db) => ask(db.ownerUrl, 'create table kept (n integer)'))
  let committed = 0
  await fc.assert(
    fc.asyncProperty(acts, async (story) => {
      const holders: Holder[] = []
      for (const { kind, wait } of story) {
        if (kind === 'come') holders.push(hold(t, config.dataDir))
        else if (kind === 'leave') void holders.shift()?.leave()
        else if (kind === 'kill') holders.shift()?.process.kill('SIGKILL')
        else if (kind === 'kill the server') killIfThere(postmaster(config.dataDir) ?? 2 ** 22 + 1)
        else {
          await withDatabase(config, silent, (db) => ask(db.ownerUrl, 'insert into kept values (1)'))
            .then(() => {
              committed++
            })
            .catch(() => {})
        }
        await sleep(wait)
      }
      await Promise.all(holders.map((holder) => holder.leave()))
      const [found] = await withDatabase(config, silent, (db) =>
        ask<{ n: number }>(db.ownerUrl, 'select count(*)::integer as n from kept'),
      )
      // A server killed between a commit and its answer may have kept a row we do not know of.
      if ((found?.n ?? 0) < committed) throw new Error(`${found?.n} rows, ${committed} committed`)
      committed = found?.n ?? 0
      const home = existingHome(config.dataDir)
      const left = serverProcesses(home?.data ?? '')
      if (left.length > 0) throw new Error(`processes left: ${left.join(', ')}`)
    }),
    { numRuns: long ? 40 : 3, endOnFailure: true },
  )
  t.pass('held')
})
