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
 * Imports a file as a user would, `parcelle dvf import FILE --json`, in a process of its own. Throws with what the
 * command said when it fails.
 */
export async function importByCommand(
  url: string,
  file: string,
  release: string,
  signal?: AbortSignal,
): Promise<ChildImport> {
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
        ...['dvf', 'import', file, '--release', release, '--json'],
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
    const took = (performance.now() - started) / 1000
    if (code !== 0) throw new Error(`dvf import ended with ${code}\n${said.err}${said.out}`)
    const report = reportSchema.parse(JSON.parse(said.out))
    return { seconds: took, peak: Number(await readFile(peakFile, 'utf8')), report }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
