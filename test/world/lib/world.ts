import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateWorld } from '../../../seeds/world/generate.ts'
import {
  type BadLine,
  type Form,
  readBadLines,
  readMutations,
  readSteps,
  type TruthMutation,
  type TruthStep,
  type WorldManifest,
} from '../../../seeds/world/truth.ts'
import type { Placed } from './decide.ts'
import { fileLines, readGeo, readRaw } from './read-lines.ts'

/** A small world with everything in memory, for looking at. */
export interface WholeWorld {
  folder: string
  manifest: WorldManifest
  mutations: { A: TruthMutation[]; B: TruthMutation[] }
  steps: TruthStep[]
  badLines: BadLine[]
}

const scratches: string[] = []

/** A folder that is removed when the process ends. */
export function scratch(): string {
  if (scratches.length === 0) {
    process.on('exit', () => {
      for (const folder of scratches) rmSync(folder, { recursive: true, force: true })
    })
  }
  const folder = mkdtempSync(join(tmpdir(), 'parcelle-world-'))
  scratches.push(folder)
  return folder
}

/** Generates a world and reads its truth. */
export async function wholeWorld(lines: number, seed: string): Promise<WholeWorld> {
  const folder = scratch()
  const manifest = await generateWorld({ folder, lines, seed })
  return {
    folder,
    manifest,
    mutations: {
      A: await Array.fromAsync(readMutations(folder, 'A')),
      B: await Array.fromAsync(readMutations(folder, 'B')),
    },
    steps: await Array.fromAsync(readSteps(folder)),
    badLines: await Array.fromAsync(readBadLines(folder)),
  }
}

/**
 * The readable lines of a form of a release, over all its files. `line` numbers them through: file × 10 million + line.
 */
export function readableLines(world: WholeWorld, release: 'A' | 'B', form: Form): Placed[] {
  const files = world.manifest.releases.find((r) => r.code === release)?.files ?? []
  const bad = new Set(
    world.badLines.filter((b) => b.release === release && b.form === form).map((b) => place(b.file, b.line)),
  )
  const lines: Placed[] = []
  for (const [index, file] of files.entries()) {
    if (file.form !== form) continue
    fileLines(join(world.folder, file.path)).forEach((text, number) => {
      if (number < 2 || bad.has(place(index, number))) return
      lines.push({ ...(form === 'geo' ? readGeo(text) : readRaw(text)), line: place(index, number) })
    })
  }
  return lines
}

/** A line's place as one number. */
export function place(file: number, line: number): number {
  return file * 10_000_000 + line
}

/** The places of a mutation's lines in a form. */
export function placesOf(mutation: TruthMutation, form: Form): number[] {
  return mutation.dispositions.flatMap((d) =>
    (d[form] ?? []).flatMap(([file, first, count]) =>
      Array.from({ length: count }, (_, i) => place(file, first + i)),
    ),
  )
}
