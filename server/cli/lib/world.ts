import { rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { generateWorld } from '../../../seeds/world/generate.ts'
import { readManifest, type WorldManifest } from '../../../seeds/world/truth.ts'
import type { CliHouse } from './house.ts'

/** A world on disk: its folder and what it consists of. */
export type World = { folder: string; manifest: WorldManifest }

/**
 * The simulated France of a size and seed in the data folder, generated when it is not there. It is made aside and
 * renamed, so that a generation that was interrupted is begun again.
 */
export async function ensureWorld(house: CliHouse, lines: number, seed: number): Promise<World> {
  const present = await presentWorld(house, lines, seed)
  if (present !== null) return present
  const folder = path.join(house.config.dataDir, 'worlds', `${lines}-${seed}`)
  const aside = `${folder}.partial`
  await rm(aside, { recursive: true, force: true })
  const progress = house.out.progress('generating a simulated France', lines)
  await generateWorld({
    folder: aside,
    lines,
    seed,
    signal: house.signal,
    progress: (done) => progress.update(done),
  })
  progress.stop(lines)
  await rm(folder, { recursive: true, force: true })
  await rename(aside, folder)
  return { folder, manifest: await readManifest(folder) }
}

/** The simulated France of a size and seed, when it lies in the data folder. */
export async function presentWorld(house: CliHouse, lines: number, seed: number): Promise<World | null> {
  const folder = path.join(house.config.dataDir, 'worlds', `${lines}-${seed}`)
  const manifest = await readManifest(folder).catch(() => null)
  return manifest === null ? null : { folder, manifest }
}

/** The files of one of the world's releases in the CSV form, absolute. */
export function worldFiles(world: World, code: 'A' | 'B'): string[] {
  const release = world.manifest.releases.find((one) => one.code === code)
  const files = release?.files.filter((file) => file.form === 'geo') ?? []
  return files.map((file) => path.join(world.folder, file.path))
}

/** What the ledger calls one of the world's releases. */
export function worldCode(code: 'A' | 'B'): string {
  return `world-${code}`
}
