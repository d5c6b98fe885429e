import { Writable } from 'node:stream'
import { Command } from '@commander-js/extra-typings'
import t, { type Test } from 'tap'
import { register } from '../../../server/cli/city.ts'
import type { CliHouse } from '../../../server/cli/lib/house.ts'
import { createOutput } from '../../../server/cli/lib/output.ts'
import type { Database } from '../../../server/postgres/house.ts'
import { database } from '../../lib/database.ts'

/** Runs one `parcelle city …` line against a copy of the template; gives what it prints. */
async function prepare(t: Test): Promise<(args: string[], json?: boolean) => Promise<string>> {
  const db = await database(t)
  return async (args, json = false) => {
    let printed = ''
    const sink = new Writable({
      write(chunk, _encoding, done) {
        printed += String(chunk)
        done()
      },
    })
    const house: Pick<CliHouse, 'out' | 'database' | 'signal'> = {
      out: createOutput(() => json, sink),
      signal: new AbortController().signal,
      database: (run) => run({ ownerUrl: db.url } as Database),
    }
    const program = new Command('parcelle')
    register(program, house as CliHouse)
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
