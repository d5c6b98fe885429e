import { Writable } from 'node:stream'
import { Command } from '@commander-js/extra-typings'
import t, { type Test } from 'tap'
import type { CliHouse } from '../../../server/cli/lib/house.ts'
import { createOutput } from '../../../server/cli/lib/output.ts'
import * as quarantine from '../../../server/cli/quarantine.ts'
import * as rules from '../../../server/cli/rules.ts'
import type { Database } from '../../../server/postgres/house.ts'
import { database, type TestDatabase } from '../../lib/database.ts'
import { makeSource, report } from '../../lib/sessions.ts'

type Run = (args: string[], json?: boolean) => Promise<string>

/** Runs `parcelle rules …` and `parcelle quarantine …` against a copy of the template; gives what they print. */
async function prepare(t: Test): Promise<{ db: TestDatabase; run: Run }> {
  const db = await database(t)
  const run: Run = async (args, json = false) => {
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
      database: (use) => use({ ownerUrl: db.url } as Database),
    }
    const program = new Command('parcelle').exitOverride().configureOutput({ writeErr: () => {} })
    rules.register(program, house as CliHouse)
    quarantine.register(program, house as CliHouse)
    await program.parseAsync(args, { from: 'user' })
    return printed
  }
  return { db, run }
}

const house = {
  property_type: 'Maison',
  city: 'Nantes',
  postal_code: '44000',
  price: '300000',
  surface: '100',
}

t.test('a rule is written, tried, changed and switched', async (t) => {
  const { db, run } = await prepare(t)
  await makeSource(db)
  await report(db, 'portal', [
    { ...house, source_key: 'a' },
    { ...house, source_key: 'b', price: '900000' },
  ])
  const said = ['--type', 'range', '--field', 'price', '--config', '{"max": 500000}']
  t.match(await run(['rules', 'test', ...said]), /portal .*warned +2 +1/)
  t.match(await run(['rules', 'test', ...said]), /b +900000\.00/)
  t.match(
    await run(['rules', 'add', 'dear', ...said, '--source', 'portal', '--where', 'surface > 50']),
    /only +portal, surface > 50/,
  )
  t.match(JSON.parse(await run(['rules', 'show', 'dear'], true)), {
    rule_config: { max: 500000 },
    source: 'portal',
    scope_where: 'surface > 50',
    severity: 'warning',
    is_enabled: true,
    outcome: null,
  })
  t.match(await run(['rules', 'test', 'dear', '--config', '{"max": 1000000}']), /portal .*passed +2 +0/)
  t.match(
    await run(['rules', 'change', 'dear', '--severity', 'error', '--weight', '3']),
    /severity +error, weight 3/,
  )
  t.match(await run(['rules', 'disable', 'dear']), 'dear is switched off')
  t.notMatch(await run(['rules', 'list']), /dear/)
  t.match(await run(['rules', 'list', '--all', '--source', 'portal']), /dear \(off\) +range +price +error/)
  t.match(await run(['rules', 'enable', 'dear']), 'dear is switched on')
  t.match(await run(['rules', 'types', 'range']), /at least one of min, max/)
  t.equal(JSON.parse(await run(['rules', 'types'], true)).length, 31)

  await t.rejects(run(['rules', 'show', 'nobody']), { message: 'rule nobody does not exist' })
  await t.rejects(run(['rules', 'enable', 'nobody']), { message: 'rule nobody does not exist' })
  await t.rejects(run(['rules', 'types', 'nothing']), { message: 'there are no rules of type nothing' })
  await t.rejects(run(['rules', 'add', 'typeless', '--field', 'price']), { message: 'a rule needs a type' })
  await t.rejects(run(['rules', 'change', 'dear']), { message: 'nothing is to be changed' })
  await t.rejects(run(['rules', 'add', 'x', '--type', 'required', '--config', '[]']), {
    code: 'commander.invalidArgument',
  })
  await t.rejects(run(['rules', 'add', 'x', '--type', 'required', '--weight', 'heavy']), {
    code: 'commander.invalidArgument',
  })
  await t.rejects(run(['rules', 'add', 'x', '--type', 'required', '--source', 'nobody']), {
    message: 'source nobody does not exist',
  })
  await t.rejects(run(['rules', 'add', 'x', '--type', 'range', '--field', 'price']), { code: 'PC400' })
})

t.test('what waits in quarantine is shown and judged again', async (t) => {
  const { db, run } = await prepare(t)
  await makeSource(db)
  t.equal(await run(['quarantine', 'list']), 'nothing waits\n')
  t.equal(await run(['quarantine', 'replay']), 'nothing waits\n')
  await run([
    'rules',
    'add',
    'dear',
    '--type',
    'range',
    '--field',
    'price',
    '--config',
    '{"max": 1}',
    '--severity',
    'error',
  ])
  await report(db, 'portal', [
    { ...house, source_key: 'a' },
    { ...house, source_key: 'b', price: '12 x' },
  ])
  t.match(await run(['quarantine', 'list']), /portal +a +\S+ +dear +300000\.00/)
  t.match(await run(['quarantine', 'list', '--limit', '1']), /1 of 2/)
  t.match(JSON.parse(await run(['quarantine', 'list', '--rule', 'price_readable'], true)), {
    total: 1,
    rows: [
      {
        source_key: 'b',
        failures: [{ rule: 'price_readable', value: '12 x' }],
        staged_row: { price: '12 x' },
      },
    ],
  })
  await run(['rules', 'disable', 'dear'])
  t.equal(
    await run(['quarantine', 'replay', '--rule', 'dear']),
    'portal: 1 row judged again, 1 new, 0 updated, 0 still waiting\n',
  )
  await t.rejects(run(['quarantine', 'replay', '--source', 'nobody']), { code: 'PC404' })
})
