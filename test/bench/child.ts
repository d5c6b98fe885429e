import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

const root = new URL('../..', import.meta.url).pathname

const reportSchema = z.object({
  status: z.enum(['applied', 'held', 'unchanged']),
  lines: z.int(),
  accepted: z.int(),
  transactions: z.int().nullable(),
  added: z.int().nullable(),
  corrected: z.int().nullable(),
  withdrawn: z.int().nullable(),
})

/** What an import through the command line took and said. */
export interface ChildImport {
  /** From starting Node to its end. */
  seconds: number
  /** The most memory the process had, in bytes. */
  peak: number
  report: z.infer<typeof reportSchema>
}

/**
 * Runs `parcelle ARGUMENTS --json` as a user would, in a process of its own; what it took from starting Node to its
 * end, the most memory it had, and what it printed. Throws with what the command said when it fails.
 */
export async function runCommand(
  url: string,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<{ seconds: number; peak: number; out: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'parcelle-bench-peak-'))
  const peakFile = join(folder, 'peak')
  try {
    const started = performance.now()
    const child = spawn(
      process.execPath,
      [
        '--import',
        new URL('peak-memory.ts', import.meta.url).href,
        join(root, 'server/cli/main.ts'),
        ...args,
        '--json',
      ],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, DATABASE_URL: url, PARCELLE_BENCH_PEAK: peakFile },
        ...(signal === undefined ? {} : { signal }),
      },
    )
    const said = { out: '', err: '' }
    child.stdout.on('data', (chunk) => {
      said.out += chunk
    })
    child.stderr.on('data', (chunk) => {
      said.err += chunk
    })
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', resolve)
    })
    const seconds = (performance.now() - started) / 1000
    if (code !== 0) throw new Error(`parcelle ${args.join(' ')} ended with ${code}\n${said.err}${said.out}`)
    return { seconds, peak: Number(await readFile(peakFile, 'utf8')), out: said.out }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Imports a file by `parcelle dvf import FILE`. Throws with what the command said when it fails. */
export async function importByCommand(
  url: string,
  file: string,
  release: string,
  signal?: AbortSignal,
): Promise<ChildImport> {
  const { seconds, peak, out } = await runCommand(url, ['dvf', 'import', file, '--release', release], signal)
  return { seconds, peak, report: reportSchema.parse(JSON.parse(out)) }
}
