import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { createLog } from '../../server/log.ts'
import { type Figure, sumFigures } from '../lib/truth.ts'
import { type CaseFigures, runTruthCase, runTruthRelease, truthCases } from '../lib/truth-cases.ts'
import { type BenchContext, withFreshDatabase } from './imports.ts'
import { cachedWorld } from './world.ts'

/** One figure of the comparison with the truth, over all worlds. */
export const truthFindingSchema = z.object({
  bench: z.literal('dvf-truth'),
  case: z.string(),
  precision: z.number(),
  recall: z.number(),
  /** What both must reach. */
  bar: z.number(),
  /** Where precision may be lower. */
  precision_bar: z.number().optional(),
  /** Mutations, changes or lines compared. */
  rows: z.int(),
})

/** One figure of the comparison with the truth. */
export type TruthFinding = z.infer<typeof truthFindingSchema>

const seeds = ['1', '2', '3']

function parts(found: CaseFigures['a'][]): [string, Figure][] {
  const sum = (name: 'grouping' | 'ambiguous' | 'facts' | 'uncertain' | 'rejected'): Figure =>
    sumFigures(found.map((one) => one[name]))
  return [
    ['grouping', sum('grouping')],
    ['undecidable marked', sum('ambiguous')],
    ['facts', sum('facts')],
    ['uncertain counts', sum('uncertain')],
    ['rejected lines', sum('rejected')],
  ]
}

function stepParts(found: CaseFigures[]): [string, Figure][] {
  return (['added', 'corrected', 'withdrawn', 'unchanged'] as const).map((kind) => [
    kind,
    sumFigures(found.map((one) => one.step[kind])),
  ])
}

/**
 * Imports worlds of three seeds in every way a release can come (either form, mixed, shuffled, split, references) and
 * compares grouping and release diff with their truth. Figures are over both releases and all seeds; each is given to
 * `tell` when its case is done, examples of what is wrong go to the context's `say`.
 */
export async function benchTruth(
  lines: number,
  context: BenchContext,
  tell: (finding: TruthFinding) => void,
): Promise<void> {
  const { say, signal } = context
  const log = createLog({ logLevel: 'warn', serverPassword: undefined })
  const worlds: string[] = []
  for (const seed of seeds) worlds.push(await cachedWorld(lines, seed, say))

  const eachWorld = async <T>(
    run: (options: { url: string; folder: string; scratch: string; log: typeof log }) => Promise<T>,
  ): Promise<T[]> => {
    const found: T[] = []
    for (const folder of worlds) {
      signal.throwIfAborted()
      const scratch = await mkdtemp(join(tmpdir(), 'parcelle-bench-truth-'))
      try {
        found.push(
          await withFreshDatabase(context, 'bench_truth', (url) => run({ url, folder, scratch, log })),
        )
      } finally {
        await rm(scratch, { recursive: true, force: true })
      }
    }
    return found
  }
  const tellAll = (name: string, figures: [string, Figure][]): void => {
    for (const [part, figure] of figures) {
      for (const wrong of figure.wrong.slice(0, 5)) say(`${name}, ${part}: ${wrong}`)
      tell({
        bench: 'dvf-truth',
        case: `${name}: ${part}`,
        precision: figure.precision,
        recall: figure.recall,
        bar: 1,
        ...(part === 'undecidable marked' ? { precision_bar: 0.95 } : {}),
        rows: Math.max(figure.due, figure.given),
      })
    }
  }

  for (const one of truthCases) {
    say(`truth: ${one.name}`)
    const found = await eachWorld((options) => runTruthCase(one, options))
    tellAll(one.name, [...parts(found.flatMap(({ a, b }) => [a, b])), ...stepParts(found)])
  }
  say('truth: references')
  tellAll('restricted', parts(await eachWorld((options) => runTruthRelease('A', 'restricted', options))))
}
