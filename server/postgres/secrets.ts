import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import type { Home } from './place.ts'

const secretsForm = z.object({ postgres: z.string(), owner: z.string(), server: z.string() })

/** The embedded server's passwords: of its superuser, of the owner that deploys, of the server's login role. */
export type Secrets = z.output<typeof secretsForm>

/** Writes a small file of the home whole or not at all, readable by the server's account only. */
export function writePrivate(home: Home, file: string, text: string): void {
  const partial = `${file}.${process.pid}`
  writeFileSync(partial, text, { mode: 0o600 })
  if (home.user) chownSync(partial, home.user.uid, home.user.gid)
  renameSync(partial, file)
}

/** Reads the passwords of a home; makes them when there are none. Call it while holding the lock. */
export function openSecrets(home: Home): Secrets {
  if (!existsSync(home.secrets)) {
    const secret = () => randomBytes(24).toString('base64url')
    const made: Secrets = { postgres: secret(), owner: secret(), server: secret() }
    writePrivate(home, home.secrets, JSON.stringify(made))
  }
  return secretsForm.parse(JSON.parse(readFileSync(home.secrets, 'utf8')))
}
