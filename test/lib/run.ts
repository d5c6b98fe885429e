import { spawn } from 'node:child_process'
import { chmod, glob, mkdtemp, readFile, rm, statfs } from 'node:fs/promises'
import { freemem, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '../../server/log.ts'
import { describeError } from '../../sql/deploy/error.ts'
import { withScratchDatabase } from '../../sql/deploy/scratch.ts'
import { long } from './long.ts'

// The runner behind `npm test -- [FILE or FOLDER…]`: one server, one deployed template, then tap. See README.

const root = new URL('../..', import.meta.url).pathname
const bin = join(root, 'node_modules/.bin')

/** The test files that the arguments name: files, folders, or parts of a path; all of them without arguments. */
async function testFiles(filters: string[]): Promise<string[]> {
  const all = await Array.fromAsync(glob('test/**/*.test.ts', { cwd: root }))
  const wanted = filters.map((filter) => filter.replace(/^\.\//, '').replace(root, ''))
  return all.filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part))).sort()
}

/** Runs a program to its end with this process's terminal; gives its exit code. Ctrl-C reaches it by itself. */
async function run(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(join(bin, program), args, { cwd: root, stdio: 'inherit', env })
  const stop = () => void child.kill('SIGTERM')
  process.on('SIGTERM', stop)
  try {
    return await new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code) => resolve(code ?? 1))
    })
  } finally {
    process.off('SIGTERM', stop)
  }
}

/** tap compiles itself for the plugins in its configuration; a fresh install still has the default ones. */
async function buildTap(env: NodeJS.ProcessEnv): Promise<void> {
  const folder = join(root, 'node_modules/@tapjs/test/test-built')
  const index = await readFile(join(folder, 'dist/esm/index.js'), 'utf8').catch(() => '')
  if (index !== '' && !index.includes('@tapjs/typescript')) return
  if ((await run('tap', ['build'], env)) !== 0) throw new Error('tap could not be built')
}

/**
 * A folder for everything that the tests leave: in memory where there is plenty, since the tests make and drop some
 * 450 databases of 700 files each, which a disk takes twice as long for. The server's account must be able to enter it.
 */
async function workFolder(): Promise<string> {
  const enough = 8 * 1024 ** 3
  const memory = await statfs('/dev/shm').catch(() => undefined)
  const isRoomy = memory !== undefined && memory.bsize * memory.bavail > enough && freemem() > enough
  const folder = await mkdtemp(join(isRoomy ? '/dev/shm' : tmpdir(), 'parcelle-run-'))
  await chmod(folder, 0o755)
  return folder
}

/**
 * Counts assertions in tap's own output. Lines with a time sum up a subtest or a file; a file that failed without a
 * failed assertion (it crashed, it hung) counts as one.
 */
function count(output: string): { passed: number; failed: number } {
  let passed = 0
  let failed = 0
  let failedFiles = 0
  for (const line of output.split('\n')) {
    const point = /^( *)(not )?ok \d+/.exec(line)
    if (point === null) continue
    const isFailure = point[2] !== undefined && !/ # SKIP/i.test(line)
    if (/ # time=/.test(line)) failedFiles += isFailure && point[1] === '' ? 1 : 0
    else if (isFailure) failed++
    else passed++
  }
  return { passed, failed: Math.max(failed, failedFiles) }
}

async function main(): Promise<number> {
  const args = process.argv.slice(2)
  const files = await testFiles(args.filter((arg) => !arg.startsWith('-')))
  if (files.length === 0) throw new Error(`no test file matches ${args.join(' ')}`)
  const path = `${bin}:${process.env.PATH ?? ''}`
  await buildTap({ ...process.env, PATH: path })
  const folder = await workFolder()
  process.env.TMPDIR = folder
  const output = join(folder, 'output.tap')
  const options = args.filter((arg) => arg.startsWith('-'))
  const test = async (settings: NodeJS.ProcessEnv) => {
    const env: NodeJS.ProcessEnv = { ...process.env, ...settings, PATH: path }
    env.NODE_COMPILE_CACHE ??= join(root, 'node_modules/.cache/parcelle')
    // Without a terminal tap's live counters would fill the log.
    if (!process.stdout.isTTY) env.CI ??= 'true'
    return run(
      'tap',
      [
        'run',
        '--disable-coverage',
        // tap notes every file that every process loads, and reads its source map: half a second of each process.
        '--test-env=_TAPJS_PROCESSINFO_EXCLUDE_=/./',
        // Twice the two processors of a small machine: many tests wait for a process, a page or a clock.
        '-j4',
        '--reporter=base',
        `--timeout=${long ? 7200 : 300}`,
        `--output-file=${output}`,
        ...options,
        ...files,
      ],
      env,
    )
  }
  // Ctrl-C ends tap; this process stays to stop the server and to remove its folder.
  process.on('SIGINT', () => {})
  const log = createLog({ logLevel: 'warn', serverPassword: undefined })
  try {
    const code = await withScratchDatabase(
      { log, serverUrl: process.env.TEST_DATABASE_URL, name: 'test' },
      async ({ url, serverUrl, deployMilliseconds }) => {
        console.error(`deployed the template database in ${deployMilliseconds} ms`)
        return test({ PARCELLE_TEST_TEMPLATE_URL: url, PARCELLE_TEST_SERVER_URL: serverUrl })
      },
    )
    const { passed, failed } = count(await readFile(output, 'utf8').catch(() => ''))
    console.log(`${passed} passed, ${failed} failed`)
    return code
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(describeError(error))
  return 1
})
