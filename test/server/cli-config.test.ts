import { readFileSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { parseConfig, projectFolder, variables } from '../../server/config.ts'
import { createLog, withoutPasswords } from '../../server/log.ts'

t.test("every variable is in the README's table as the code has it", async (t) => {
  const readme = readFileSync(path.join(projectFolder, 'README.md'), 'utf8')
  for (const { name, default: absent, meaning } of variables) {
    t.ok(readme.includes(`| \`${name}\` | ${absent} | ${meaning} |`), name)
  }
})

t.test('an empty environment gives the defaults, and empty variables count as absent', async (t) => {
  const config = parseConfig({})
  t.match(config, {
    host: '127.0.0.1',
    port: 5678,
    logLevel: 'info',
    nodeEnv: 'development',
    deployWait: 600,
  })
  t.equal(config.dataDir, path.join(projectFolder, '.parcelle'))
  t.same(parseConfig({ PORT: '', HOST: '', DATABASE_URL: '' }), config)
})

t.test('durations and addresses are read in their usual forms', async (t) => {
  t.equal(parseConfig({ DEPLOY_WAIT: '30s' }).deployWait, 30)
  t.equal(parseConfig({ DEPLOY_WAIT: '90' }).deployWait, 90)
  t.equal(parseConfig({ DEPLOY_WAIT: '1h' }).deployWait, 3600)
  t.equal(parseConfig({ DVF_BASE_URL: 'http://127.0.0.1:9/x/' }).dvfBaseUrl, 'http://127.0.0.1:9/x')
  t.equal(parseConfig({ PARCELLE_DATA_DIR: 'x' }).dataDir, path.resolve('x'))
})

t.test('a wrong value is refused without showing a password', async (t) => {
  const refused = (env: NodeJS.ProcessEnv) => {
    try {
      parseConfig(env)
      return ''
    } catch (error) {
      t.match(error, { name: 'Failure', exitCode: 2 })
      return (error as Error).message
    }
  }
  t.equal(refused({ PORT: '70000' }), 'PORT is "70000", expected a port from 0 to 65535 (0: any free one)')
  t.notMatch(refused({ DATABASE_URL: 'mysql://me:hunter22@host/x' }), /hunter22/)
  t.notMatch(refused({ PARCELLE_SERVER_PASSWORD: 'short' }), /short/)
})

t.test('the log redacts passwords by key, in addresses, and the configured one anywhere', async (t) => {
  let text = ''
  const sink = {
    write: (line: string) => {
      text += line
    },
  }
  const log = createLog({ logLevel: 'info', serverPassword: 'topsecret1' }, sink)
  log
    .child({ request: 'r1' })
    .info(
      { password: 'hunter22', headers: { authorization: 'Bearer hunter23' }, db: { password: 'hunter24' } },
      'connecting to postgresql://me:hunter25@host/x with topsecret1',
    )
  log.error(new Error('no connection to postgres://me:hunter26@host'))
  t.notMatch(text, /hunter|topsecret/)
  const first = JSON.parse(text.split('\n')[0] ?? '')
  t.match(first, { request: 'r1', password: '***', msg: /me:\*\*\*@host/ })
  t.equal(withoutPasswords('see https://example.org/a:b@c'), 'see https://example.org/a:b@c')
})

t.test('the log keeps what an error says, not what a driver hangs on it', async (t) => {
  let text = ''
  const sink = {
    write: (line: string) => {
      text += line
    },
  }
  const lost = Object.assign(new Error('gone', { cause: new Error('pulled') }), {
    code: '57P01',
    client: { secretKey: 749501300 },
  })
  createLog({ logLevel: 'info', serverPassword: undefined }, sink).warn(
    { err: lost },
    'a connection was lost',
  )
  t.notMatch(text, /secretKey|749501300/)
  t.match(JSON.parse(text), {
    err: { type: 'Error', message: 'gone', code: '57P01', cause: { message: 'pulled' } },
  })
})
