import { spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { Failure } from '../failure.ts'
import type { Binaries } from './binaries.ts'
import type { Home } from './place.ts'
import { type Secrets, writePrivate } from './secrets.ts'

/** What the server's programs see of our environment: nothing that would change where or how they work. */
export const serverEnvironment = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

/** The name of the settings file in the data folder, rewritten at every start. */
export const settingsFile = 'parcelle.conf'

// Character classes of accented letters come from lc_ctype, which trigram search needs; not every system has
// the first. Order and case are PostgreSQL's own, the same on every machine.
const characterTypes = ['C.UTF-8', 'en_US.UTF-8', 'C']

/**
 * Makes the data folder of a home unless it is there. It is made aside and renamed, so that a command killed
 * meanwhile leaves nothing that looks like a database.
 *
 * @throws Failure with initdb's own words.
 */
export function initialise(home: Home, binaries: Binaries, secrets: Secrets): void {
  if (existsSync(path.join(home.data, 'PG_VERSION'))) return
  for (const name of readdirSync(home.folder)) {
    if (name.startsWith('data.')) rmSync(path.join(home.folder, name), { recursive: true, force: true })
  }
  const aside = `${home.data}.${process.pid}`
  const passwordFile = path.join(home.folder, 'initial-password')
  writePrivate(home, passwordFile, `${secrets.postgres}\n`)
  let said = ''
  try {
    for (const type of characterTypes) {
      const made = spawnSync(
        binaries.initdb,
        [
          ...['-D', aside, '-U', 'postgres', `--pwfile=${passwordFile}`],
          ...['--auth=scram-sha-256', '--encoding=UTF8', '--data-checksums'],
          ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', `--lc-ctype=${type}`],
        ],
        {
          cwd: '/',
          encoding: 'utf8',
          env: serverEnvironment,
          ...(home.user ? { uid: home.user.uid, gid: home.user.gid } : {}),
        },
      )
      if (made.status === 0) {
        appendFileSync(path.join(aside, 'postgresql.conf'), `\ninclude_if_exists = '${settingsFile}'\n`)
        renameSync(aside, home.data)
        return
      }
      said = made.error?.message ?? made.stderr
      rmSync(aside, { recursive: true, force: true })
    }
  } finally {
    rmSync(passwordFile, { force: true })
  }
  throw new Failure(`the embedded database could not be made: ${said.trim()}`, {
    hint: `Check that ${home.folder} is on a disk with room, or set PARCELLE_DATA_DIR to another place.`,
  })
}
