import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import t from 'tap'
import { createHouse } from '../../server/cli/lib/house.ts'
import { formatBytes, formatDuration, formatNumber } from '../../server/cli/lib/numbers.ts'
import { createOutput, formatTable } from '../../server/cli/lib/output.ts'
import { startProgress } from '../../server/cli/lib/progress.ts'
import { buildProgram } from '../../server/cli/program.ts'
import { withDatabase } from '../../server/postgres/house.ts'
import { inspectEmbedded } from '../../server/postgres/inspect.ts'
import { ask, freshConfig, postmaster, silent } from './postgres/lib.ts'

t.setTimeout(180_000)

const bin = fileURLToPath(new URL('../../bin/parcelle.js', import.meta.url))

function environment(dataDir: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { ...process.env, PARCELLE_DATA_DIR: dataDir, DATABASE_URL: '', LOG_LEVEL: 'warn', ...more }
}

function parcelle(dataDir: string, args: string[], more: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8', env: environment(dataDir, more) })
}

function everyCommand(command: CommandUnknownOpts): CommandUnknownOpts[] {
  return [command, ...command.commands.flatMap(everyCommand)]
}

function helpOf(command: CommandUnknownOpts): string {
  let help = ''
  command.configureOutput({
    writeOut: (text) => {
      help += text
    },
  })
  command.outputHelp()
  return help
}

t.test('the help of every command ends with examples and names --json', async (t) => {
  const house = createHouse(
    {},
    createOutput(() => false),
    new AbortController().signal,
  )
  const commands = everyCommand(buildProgram(house))
  t.ok(commands.length > 4)
  for (const command of commands) {
    const help = helpOf(command)
    t.match(help, /\nExamples:\n( {2}.*parcelle .*\n)+\n?$/, `${command.name()} ends with examples`)
    t.match(help, /--json/, `${command.name()} takes --json`)
    t.ok(command.description() !== '', `${command.name()} is described`)
  }
})

t.test('exit codes tell done, failed and asked wrongly apart', async (t) => {
  const { dataDir } = freshConfig(t)
  t.equal(parcelle(dataDir, ['--help']).status, 0)
  t.equal(parcelle(dataDir, []).status, 0)
  t.equal(parcelle(dataDir, ['status']).status, 0)
  const unknown = parcelle(dataDir, ['no-such-command'])
  t.equal(unknown.status, 2)
  t.match(unknown.stderr, /unknown command 'no-such-command'/)
  t.equal(parcelle(dataDir, ['status', '--no-such-option']).status, 2)
  const failed = parcelle(dataDir, ['sql', 'select 1'], {
    DATABASE_URL: 'postgresql://u:secret@127.0.0.1:1/x',
  })
  t.equal(failed.status, 1)
  t.match(failed.stderr, /error: no connection to postgresql:\/\/u:\*\*\*@127\.0\.0\.1:1\/x/)
  t.match(failed.stderr, /hint: /)
  t.notMatch(failed.stderr, /secret|at .*\.ts:/)
})

t.test('a wrong variable is named with what came and what is expected', async (t) => {
  const { dataDir } = freshConfig(t)
  const { status, stderr, stdout } = parcelle(dataDir, ['status', '--json'], {
    PORT: 'x',
    DEPLOY_WAIT: 'soon',
  })
  t.equal(status, 2)
  t.match(stderr, /PORT is "x", expected a port/)
  t.match(stderr, /DEPLOY_WAIT is "soon", expected a duration/)
  t.match(JSON.parse(stdout), { error: { message: /PORT/, hint: /README/ } })
})

t.test('--json gives one document, before or after the command', async (t) => {
  const { dataDir } = freshConfig(t)
  for (const args of [
    ['status', '--json'],
    ['--json', 'status'],
  ]) {
    t.match(JSON.parse(parcelle(dataDir, args).stdout), { embedded: true, running: null })
  }
})

t.test('reset asks somebody, refuses a given database, and removes only the database', async (t) => {
  const { dataDir } = freshConfig(t)
  t.match(JSON.parse(parcelle(dataDir, ['reset', '--yes', '--json']).stdout), { removed: null })
  const made = parcelle(dataDir, ['psql', '--url'])
  t.equal(made.status, 0, made.stderr)
  t.equal(parcelle(dataDir, ['reset']).status, 2)
  const given = parcelle(dataDir, ['reset', '--yes'], { DATABASE_URL: 'postgresql://127.0.0.1:1/x' })
  t.equal(given.status, 2)
  t.match(given.stderr, /DATABASE_URL/)
  t.match(JSON.parse(parcelle(dataDir, ['reset', '--yes', '--json']).stdout), { removed: /postgres$/ })
  t.match(JSON.parse(parcelle(dataDir, ['status', '--json']).stdout), { folder: null })
})

t.test('ctrl-C rolls back, gives the lease back and ends with 130', async (t) => {
  const config = freshConfig(t)
  const { dataDir } = config
  const child = spawn(
    process.execPath,
    [bin, 'sql', '--as', 'owner', 'create table public.t (n int); select pg_sleep(60)'],
    {
      env: environment(dataDir),
      stdio: 'pipe',
    },
  )
  const ended = once(child, 'exit')
  const isBusy = async () => {
    const { running } = await inspectEmbedded(dataDir)
    if (running?.ownerUrl === undefined) return false
    const found = await ask(
      running.ownerUrl,
      `select from pg_stat_activity where application_name = 'parcelle sql' and wait_event = 'PgSleep'`,
    ).catch(() => [])
    return found.length > 0
  }
  while (child.exitCode === null && !(await isBusy())) await sleep(100)
  child.kill('SIGINT')
  t.same(await ended, [130, null])
  t.equal(postmaster(dataDir), undefined)
  await withDatabase(config, silent, async (db) => {
    t.same(await ask(db.ownerUrl, "select to_regclass('public.t') as t"), [{ t: null }])
  })
})

t.test('progress is lines where there is no terminal and a bar where there is one', async (t) => {
  const plain = new PassThrough()
  const lines = startProgress('reading', 1000, 'lines', plain)
  lines.update(500)
  lines.stop(1000)
  t.match(String(plain.read()), /^reading: 1,000 lines in 0 s/)
  const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 120 })
  const bar = startProgress('reading', 1000, 'lines', terminal)
  bar.update(500, { note: 'halfway' })
  bar.stop(1000)
  t.match(String(terminal.read()), /█.* reading: 1,000 of 1,000 lines \(100 %\)/)
})

t.test('numbers, durations and sizes read well', async (t) => {
  t.equal(formatNumber(1234567.2), '1,234,567')
  t.same([3.4, 200, 7500].map(formatDuration), ['3 s', '3 min 20 s', '2 h 05 min'])
  t.same([12, 1400, 812_000_000].map(formatBytes), ['12 B', '1.4 kB', '812 MB'])
  const table = formatTable(
    ['commune', 'sales'],
    [
      ['Toulon', '12'],
      ['Brest', '1,200'],
    ],
  )
  t.same(table.split('\n'), ['commune  sales', 'Toulon      12', 'Brest    1,200'])
})
