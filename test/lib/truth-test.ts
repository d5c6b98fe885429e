import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { generateWorld } from '../../seeds/world/generate.ts'
import type { Form } from '../../seeds/world/truth.ts'
import { createLog } from '../../server/log.ts'
import { database } from './database.ts'
import { long } from './long.ts'
import type { Figure } from './truth.ts'
import { type CaseFigures, runTruthCase, runTruthRelease, type TruthCase } from './truth-cases.ts'

const log = createLog({ logLevel: 'silent', serverPassword: undefined })

/** A world for comparing with its truth, small unless tests run long, and a folder for altered copies. */
export interface TruthWorld {
  folder: string
  scratch: string
}

/** Generates a world that goes with the test. */
export async function truthWorld(t: Test, seed: string): Promise<TruthWorld> {
  const root = mkdtempSync(join(tmpdir(), 'parcelle-truth-'))
  t.teardown(() => rmSync(root, { recursive: true, force: true }))
  const folder = join(root, 'world')
  await generateWorld({ folder, lines: long ? 100_000 : 8_000, seed })
  return { folder, scratch: join(root, 'altered') }
}

function isPerfect(t: Test, figure: Figure, name: string): void {
  t.same(figure.wrong, [], `${name}: nothing is wrong`)
  t.equal(figure.recall, 1, `${name}: recall`)
  t.equal(figure.precision, 1, `${name}: precision`)
}

function isTrue(t: Test, found: CaseFigures['a'], release: string): void {
  t.ok(found.grouping.due > 1000 || found.report.lines < 5000, `${release} has mutations to find`)
  isPerfect(t, found.grouping, `${release} grouping`)
  isPerfect(t, found.facts, `${release} facts`)
  isPerfect(t, found.uncertain, `${release} uncertain counts`)
  isPerfect(t, found.rejected, `${release} rejected lines`)
  t.equal(found.ambiguous.recall, 1, `${release}: everything undecidable is marked`)
  t.ok(
    found.ambiguous.precision >= 0.95,
    `${release}: of the marked ${found.ambiguous.precision} are undecidable`,
  )
}

/** Both releases imported in that way come out as the truth has them, and so does the step between them. */
export async function testCase(t: Test, truthCase: TruthCase, world: TruthWorld): Promise<void> {
  const db = await database(t)
  const found = await runTruthCase(truthCase, { ...world, url: db.url, log })
  isTrue(t, found.a, 'A')
  isTrue(t, found.b, 'B')
  t.ok(found.step.added.due > 0 && found.step.corrected.due > 0 && found.step.withdrawn.due > 0)
  for (const [kind, figure] of Object.entries(found.step)) isPerfect(t, figure, kind)
}

/** One release imported alone comes out as the truth has it. */
export async function testRelease(t: Test, release: 'A' | 'B', form: Form, world: TruthWorld): Promise<void> {
  const db = await database(t)
  isTrue(t, await runTruthRelease(release, form, { ...world, url: db.url, log }), release)
}
