import { Writable } from 'node:stream'
import { Command } from '@commander-js/extra-typings'
import pino from 'pino'
import t, { type Test } from 'tap'
import { explorerSettings, startExplorer } from '../../../seeds/world/sites/explorer.ts'
import { startGeo } from '../../../seeds/world/sites/geo.ts'
import { register } from '../../../server/cli/city.ts'
import type { CliHouse } from '../../../server/cli/lib/house.ts'
import { createOutput } from '../../../server/cli/lib/output.ts'
import { parseConfig } from '../../../server/config.ts'
import type { Database } from '../../../server/postgres/house.ts'
import { database, type TestDatabase } from '../../lib/database.ts'
import { localSource } from '../../tasks/scrape-lib.ts'

/** Runs one `parcelle city …` line against a copy of the template; gives what it prints. */
async function prepare(
  t: Test,
  how: { geoApiUrl?: string; before?: (db: TestDatabase) => Promise<void> } = {},
): Promise<(args: string[], json?: boolean) => Promise<string>> {
  const db = await database(t)
  await how.before?.(db)
  return async (args, json = false) => {
    let printed = ''
    const sink = new Writable({
      write(chunk, _encoding, done) {
        printed += String(chunk)
        done()
      },
    })
    const house: CliHouse = {
      config: { ...parseConfig({}), ...(how.geoApiUrl !== undefined && { geoApiUrl: how.geoApiUrl }) },
      log: pino({ level: 'silent' }),
      out: createOutput(() => json, sink),
      signal: new AbortController().signal,
      database: (run) => run({ ownerUrl: db.url } as Database),
    }
    const program = new Command('parcelle')
    register(program, house)
    await program.parseAsync(['city', ...args], { from: 'user' })
    return printed
  }
}

t.test('resolve says which commune, how surely and why', async (t) => {
  const run = await prepare(t)
  t.equal(
    await run(['resolve', 'ST ETIENNE', '42000']),
    '42218 Saint-Étienne, confidence 1: the name is the same; 42000 serves it\n',
  )
  t.match(JSON.parse(await run(['resolve', 'Lyon 3ème'], true)), {
    insee_code: '69383',
    name: 'Lyon 3e Arrondissement',
    confidence: 0.98,
  })
  const undecided = await run(['resolve', 'Saint-Denis'])
  t.match(undecided, /^undecided: several communes are called "Saint-Denis"/)
  t.match(undecided, /93066 +Saint-Denis/)
  t.match(await run(['resolve', 'Saint-Denis', '--department', '974']), /^97411/)
})

t.test('show tells all about a commune, by a former code too', async (t) => {
  const run = await prepare(t)
  t.match(await run(['show', '69048']), /69179 \(69048 is a former code\)/)
  t.match(JSON.parse(await run(['show', '75108'], true)), {
    kind: 'arrondissement',
    parent_insee_code: '75056',
    postal_codes: ['75008'],
    department: 'Paris',
    region: 'Île-de-France',
  })
  await t.rejects(run(['show', '99999']), { message: 'commune 99999 does not exist' })
})

t.test('refresh asks where cities lie and compares prices, and says what was not learnt', async (t) => {
  const explorer = await startExplorer({ seed: 'x', cities: ['35238'], salesPerCity: 90 })
  const geo = await startGeo({ seed: 'x' })
  t.teardown(() => Promise.all([explorer.close(), geo.close()]))
  const run = await prepare(t, {
    geoApiUrl: geo.url,
    before: async (db) => {
      await localSource(db, 'map', 'explorer', explorer.url, explorerSettings)
    },
  })
  const said = await run(['refresh', '35238', '69048'])
  t.match(said, /refreshed 2 of 2 cities/)
  t.match(said, /35238\s+Rennes\s+flat\s+map\s+\d,\d{3} €\/m²\s+–/)
  t.match(said, /not learnt:\n.*\n69179 .* map .* answered 404/)
  const json = JSON.parse(await run(['refresh', '35238'], true))
  t.match(json, { cities: 1, refreshed: 1, failures: [], prices: [{ insee_code: '35238' }, {}] })
  t.match(await run(['refresh', '--department', '35']), /run \d+ waits for a worker/)
  await t.rejects(run(['refresh', '99999']), /commune 99999 does not exist/)
  await t.rejects(run(['refresh']), /give INSEE codes/)
  await t.rejects(run(['refresh', '35238', '--all']), /give INSEE codes/)
  geo.setFaults([{ kind: 'error', share: 1, status: 404 }])
  explorer.setFaults([{ kind: 'error', share: 1, status: 404 }])
  await t.rejects(run(['refresh', '35238']), /nothing was learnt/)
})
