import { text } from 'node:stream/consumers'
import { type Command, Option } from '@commander-js/extra-typings'
import pg from 'pg'
import { Failure } from '../failure.ts'
import { cancelOnAbort } from './lib/cancel.ts'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'
import { formatNumber } from './lib/numbers.ts'
import { formatTable } from './lib/output.ts'

const roles = {
  analyst: 'app_analyst',
  operator: 'app_operator',
  visitor: 'app_visitor',
  owner: undefined,
} as const

function show(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object' || one === null))
    return `{${value.map(show).join(', ')}}`
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value
}

async function run(house: CliHouse, url: string, statement: string, role: string | undefined): Promise<void> {
  const { out, signal } = house
  const client = new pg.Client({
    connectionString: url,
    application_name: 'parcelle sql',
    // Days stay the days they are, and numbers keep all their digits.
    types: { getTypeParser: (oid, format) => (oid === 1082 ? String : pg.types.getTypeParser(oid, format)) },
  })
  client.on('error', () => {})
  await client.connect()
  const stopListening = cancelOnAbort(client, url, signal)
  try {
    if (role !== undefined) await client.query(`set role ${role}`)
    const answer = await client.query<unknown[]>({ text: statement, rowMode: 'array' })
    const last = Array.isArray(answer) ? (answer.at(-1) as pg.QueryArrayResult<unknown[]>) : answer
    const names = last.fields.map((field) => field.name)
    const rows = last.rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])))
    out.result({ command: last.command, count: last.rowCount, rows }, () => {
      const count = formatNumber(last.rowCount ?? 0)
      if (names.length === 0) return `${(last.command ?? 'nothing').toLowerCase()}: ${count} rows`
      const table = formatTable(
        names,
        last.rows.map((row) => row.map(show)),
      )
      return `${table}\n\n${count} ${last.rowCount === 1 ? 'row' : 'rows'}`
    })
  } finally {
    stopListening()
    await client.end().catch(() => {})
  }
}

const noStatement = () =>
  new Failure('there is no statement', { hint: 'Give one in quotes, or pipe it in.', exitCode: 2 })

/** Adds `parcelle sql`: one SQL statement against the ledger where no psql is at hand. */
export function register(program: Command, house: CliHouse): void {
  const sql = program
    .command('sql')
    .description('run SQL and show the rows of the last statement; without an argument it is read from stdin')
    .argument('[statement]', 'what to run')
    .addOption(
      new Option('--as <role>', 'whose rights to run it with')
        .choices(['analyst', 'operator', 'visitor', 'owner'] as const)
        .default('analyst' as const),
    )
    .action(async (given, options) => {
      if (given === undefined && process.stdin.isTTY) {
        throw noStatement()
      }
      const statement = given ?? (await text(process.stdin))
      if (statement.trim() === '') throw noStatement()
      await house.database((db) => run(house, db.ownerUrl, statement, roles[options.as]))
    })
  addExamples(sql, [
    [`parcelle sql "select * from resolve_city('ST ETIENNE', '42000')"`, 'ask a function'],
    ['parcelle sql --as owner < report.sql', 'run a file with all rights'],
    ['parcelle sql "select count(*) from transactions" --json', 'rows as JSON'],
  ])
}
