import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream, existsSync, globSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import { generateWorld } from '../../seeds/world/generate.ts'
import { readBadLines, readManifest, type WorldManifest } from '../../seeds/world/truth.ts'

const generator = new URL('../../seeds/world/', import.meta.url).pathname

/** A digest of the generator in a folder of seeds/world, so that no bench runs on what an earlier one made. */
export function generatorDigest(folder = '.'): string {
  const hash = createHash('sha256')
  for (const file of globSync('*.ts', { cwd: join(generator, folder) }).sort())
    hash.update(readFileSync(join(generator, folder, file)))
  return hash.digest('hex').slice(0, 10)
}

/**
 * The folder of a world of that size and seed: generated once into the system's folder for temporary files and found
 * there the next time.
 */
export async function cachedWorld(
  lines: number,
  seed: string,
  say: (text: string) => void = () => {},
): Promise<string> {
  const folder = join(tmpdir(), 'parcelle-bench', `world-${lines}-${seed}-${generatorDigest()}`)
  if (existsSync(join(folder, 'manifest.json'))) return folder
  say(`generating a world of ${lines} lines, seed ${seed}, in ${folder}`)
  await mkdir(join(tmpdir(), 'parcelle-bench'), { recursive: true })
  const unfinished = await mkdtemp(`${folder}-`)
  try {
    await generateWorld({ folder: unfinished, lines, seed })
    await rename(unfinished, folder)
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return folder
}

/** The CSV files of a release of a world. */
export interface ReleaseFile {
  /** As it was generated, with the planted bad lines. */
  path: string
  /** Without them: a plain COPY stops at a line with a field too many. */
  readable: string
  /** Lines after the header, the bad ones included. */
  lines: number
  readableLines: number
}

/** Finds the whole CSV form of a release and sees to it that its readable copy is there. */
export async function releaseFile(folder: string, release: 'A' | 'B'): Promise<ReleaseFile> {
  const manifest: WorldManifest = await readManifest(folder)
  const files = manifest.releases.find((one) => one.code === release)?.files ?? []
  const index = files.findIndex((file) => file.form === 'geo')
  const file = files[index]
  if (file === undefined) throw new Error(`${folder} has no CSV form of release ${release}`)
  const path = join(folder, file.path)
  const readable = join(folder, `readable-${release}.csv`)
  if (!existsSync(readable)) {
    const bad = new Set<number>()
    for await (const line of readBadLines(folder)) {
      if (line.release === release && line.form === 'geo' && line.file === index) bad.add(line.line)
    }
    await writeWithout(path, bad, readable)
  }
  return { path, readable, lines: file.lines, readableLines: file.lines - file.bad }
}

async function writeWithout(path: string, left: ReadonlySet<number>, out: string): Promise<void> {
  const unfinished = `${out}.unfinished`
  const output = createWriteStream(unfinished, { highWaterMark: 1 << 20 })
  let number = 0
  for await (const line of createInterface({ input: createReadStream(path, { highWaterMark: 1 << 20 }) })) {
    number++
    if (!left.has(number) && !output.write(`${line}\n`)) await once(output, 'drain')
  }
  output.end()
  await finished(output)
  await rename(unfinished, out)
}
