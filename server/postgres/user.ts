import { execFileSync, spawnSync } from 'node:child_process'
import { Failure } from '../failure.ts'

/** The account PostgreSQL runs under: absent when it is our own. */
export type ServerUser = { name: string; uid: number; gid: number }

function idOf(name: string): ServerUser | undefined {
  try {
    const id = (flag: string) =>
      Number.parseInt(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }), 10)
    return { name, uid: id('-u'), gid: id('-g') }
  } catch {
    return undefined
  }
}

function tryRun(program: string, args: string[]): void {
  spawnSync(program, args, { stdio: 'ignore' })
}

/** Whether this process is root, under which PostgreSQL refuses to run. */
export function isRoot(): boolean {
  return process.getuid?.() === 0
}

/**
 * The account to run PostgreSQL under: our own, or for root the account `postgres`, made when missing.
 *
 * @throws Failure when there is no such account and none can be made.
 */
export function serverUser(): ServerUser | undefined {
  if (!isRoot()) return undefined
  const found = idOf('postgres')
  if (found) return found
  tryRun('groupadd', ['--system', 'postgres'])
  tryRun('useradd', [
    '--system',
    '--gid',
    'postgres',
    '--no-create-home',
    '--shell',
    '/bin/false',
    'postgres',
  ])
  if (!idOf('postgres')) tryRun('adduser', ['-S', '-D', '-H', '-s', '/bin/false', 'postgres'])
  const made = idOf('postgres') ?? idOf('nobody')
  if (made && made.uid !== 0) return made
  throw new Failure('postgresql does not run as root and no other account could be made', {
    hint: 'Create an account named "postgres", or run the command as an ordinary user.',
  })
}

/** Whether that account can enter a folder: asked of the system itself, which knows about every kind of right. */
export function canEnter(folder: string, user: ServerUser | undefined): boolean {
  const tried = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], {
    cwd: '/',
    stdio: 'ignore',
    ...(user ? { uid: user.uid, gid: user.gid } : {}),
  })
  return tried.status === 0
}
