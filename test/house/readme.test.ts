import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { producers } from '../../server/cli/snapshot.ts'
import { printReadme } from '../../server/print-readme.ts'
import { database, type TestDatabase } from '../lib/database.ts'
import { type Exchange, formatJson, readSession, withAnswers } from './lib/session.ts'

t.setTimeout(300_000)

const root = new URL('../..', import.meta.url).pathname
const path = join(root, 'README.md')
const bin = join(root, 'bin/parcelle.js')

// tap's own way of asking for answers to be written down instead of compared: npm test -- --snapshot FILE
const isWritten = process.env.TAP_SNAPSHOT === '1'

t.test("the README's table of the API is what the comments say", async (t) => {
  const db = await database(t)
  t.ok(producers.some((producer) => producer.path === 'README.md'))
  const wanted = await printReadme(db.url)
  if (isWritten) await writeFile(path, wanted)
  else t.equal(await readFile(path, 'utf8'), wanted, 'npm run snapshot writes it')
})

/** What a reader sees of a command: no log, no progress; its folder and port as they are by default, no drawn ids, no instants. */
function asRead(text: string, dataDir: string): string {
  return text
    .split('\n')
    .filter((line) => !/^(\{"level"|generating a|reading:|grouping:|comparing with|scraping the)/.test(line))
    .join('\n')
    .replaceAll(dataDir, '.parcelle')
    .replace(/:\d{4,5}\//g, ':5678/')
    .replace(/\(\d+\.\d s\)/g, '(… s)')
    .replace(/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\b/g, 'yyyy-mm-dd hh:mm:ss')
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '…')
}

/** Starts Parcelle as a newcomer does, on this database, and lets `use` ask it; gives what it printed until it served. */
async function whileServed<T>(
  db: TestDatabase,
  env: NodeJS.ProcessEnv,
  command: string,
  use: (url: string, said: string) => Promise<T>,
): Promise<T> {
  const args = command.split(' ').slice(3)
  const child = spawn(process.execPath, [bin, 'start', ...args], { env: { ...env, PORT: '0' } })
  const ended = once(child, 'exit')
  try {
    let said = ''
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    for await (const chunk of child.stdout) {
      said += chunk
      if (said.includes('ctrl-C')) break
    }
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0]
    if (url === undefined) throw new Error(`it did not serve ${db.url}: ${said}`)
    return await use(url, said)
  } finally {
    child.kill('SIGINT')
    await ended
  }
}

async function answerTo(exchange: Exchange, env: NodeJS.ProcessEnv, url: string): Promise<string> {
  if (exchange.kind === 'graphql') {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: exchange.question }),
    })
    return `${formatJson(await response.json())}\n`
  }
  const command = exchange.question.replace(/^npx parcelle/, `'${process.execPath}' '${bin}'`)
  const { stdout, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8', env, cwd: root })
  return `${stdout}${stderr}`
}

t.test("the README's session gets the answers that stand there", async (t) => {
  const db = await database(t)
  const dataDir = join(tmpdir(), `parcelle-readme-${process.pid}`)
  t.teardown(() => rm(dataDir, { recursive: true, force: true }))
  const env = {
    ...process.env,
    ...{ DATABASE_URL: db.url, PARCELLE_DATA_DIR: dataDir, LOG_LEVEL: 'warn', NODE_ENV: 'development' },
  }
  const readme = await readFile(path, 'utf8')
  const session = readSession(readme)
  const [start, ...rest] = session
  if (start?.kind !== 'start') throw new Error('the session does not begin with npm start')
  const answers = await whileServed(db, env, start.question, async (url, said) => {
    const shown = asRead(said, dataDir).replace(/\nTry:.*/s, '\nTry: …\n')
    const given = [shown]
    for (const exchange of rest) given.push(asRead(await answerTo(exchange, env, url), dataDir))
    return given
  })
  if (isWritten) await writeFile(path, withAnswers(readme, session, answers))
  else for (const [i, { question, answer }] of session.entries()) t.equal(answers[i], answer, question)
})
