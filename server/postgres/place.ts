import { createHash } from 'node:crypto'
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Failure } from '../failure.ts'
import { canEnter, isRoot, type ServerUser, serverUser } from './user.ts'

/** Where the embedded server lives: its folder (mode 0700) and what is in it. */
export type Home = {
  folder: string
  data: string
  leases: string
  lock: string
  log: string
  secrets: string
  port: string
  /** The account the server runs under, absent when it is our own. */
  user: ServerUser | undefined
  /** True when the data folder could not be entered by that account and the data is elsewhere. */
  isElsewhere: boolean
}

const pointer = 'database-is-elsewhere'

function makePrivate(folder: string, user: ServerUser | undefined): void {
  if (existsSync(folder)) return
  mkdirSync(path.dirname(folder), { recursive: true })
  mkdirSync(folder, { mode: 0o700 })
  if (user) chownSync(folder, user.uid, user.gid)
}

function elsewhere(dataDir: string): string {
  const base = existsSync('/var/tmp') ? '/var/tmp' : os.tmpdir()
  const name = createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 12)
  return path.join(base, `parcelle-${name}`)
}

function chooseFolder(
  dataDir: string,
  user: ServerUser | undefined,
): { folder: string; isElsewhere: boolean } {
  const pointed = path.join(dataDir, pointer)
  if (existsSync(pointed)) return { folder: readFileSync(pointed, 'utf8').trim(), isElsewhere: true }
  if (user === undefined || canEnter(dataDir, user))
    return { folder: path.join(dataDir, 'postgres'), isElsewhere: false }
  const folder = elsewhere(dataDir)
  writeFileSync(pointed, `${folder}\n`)
  return { folder, isElsewhere: true }
}

/** The account that owns an existing folder, so that root continues what an ordinary user began. */
function ownerOf(folder: string, user: ServerUser | undefined, isElsewhere: boolean): ServerUser | undefined {
  const found = lstatSync(folder)
  if (!found.isDirectory()) {
    throw new Failure(`${folder} is not a folder`, {
      hint: 'Move it away, or set PARCELLE_DATA_DIR to another place.',
    })
  }
  // Anybody may make a folder under /var/tmp and wait for root to trust it.
  if (isRoot() && isElsewhere && found.uid !== 0 && found.uid !== user?.uid) {
    throw new Failure(`${folder} belongs to another account (uid ${found.uid})`, {
      hint: 'Remove it, or set PARCELLE_DATA_DIR to a folder that other accounts can enter.',
    })
  }
  if (isRoot()) return found.uid === 0 ? user : { name: `uid ${found.uid}`, uid: found.uid, gid: found.gid }
  if (found.uid !== process.getuid?.()) {
    throw new Failure(`the embedded database in ${folder} belongs to another account`, {
      hint: 'Run the command as that account, or set PARCELLE_DATA_DIR to a folder of your own.',
    })
  }
  return undefined
}

function homeIn(folder: string, user: ServerUser | undefined, isElsewhere: boolean): Home {
  const at = (name: string) => path.join(folder, name)
  return {
    folder,
    data: at('data'),
    leases: at('leases'),
    lock: at('lock'),
    log: at('postgres.log'),
    secrets: at('secrets.json'),
    port: at('port'),
    user,
    isElsewhere,
  }
}

/**
 * Where the embedded server of a data folder is or would be, without making anything; undefined when nothing
 * has been made yet.
 */
export function existingHome(dataDir: string): Home | undefined {
  const pointed = path.join(dataDir, pointer)
  const isElsewhere = existsSync(pointed)
  const folder = isElsewhere ? readFileSync(pointed, 'utf8').trim() : path.join(dataDir, 'postgres')
  if (!existsSync(folder)) return undefined
  return homeIn(folder, ownerOf(folder, serverUser(), isElsewhere), isElsewhere)
}

/**
 * The home of the embedded server for a data folder, made when missing, mode 0700. As root, where the server's
 * account cannot enter the data folder, the home is under /var/tmp and a file in the data folder says where.
 *
 * @throws Failure when the folder cannot be made or belongs to somebody else.
 */
export function openHome(dataDir: string): Home {
  const found = existingHome(dataDir)
  if (found) return found
  const user = serverUser()
  try {
    makePrivate(dataDir, user)
    const { folder, isElsewhere } = chooseFolder(dataDir, user)
    makePrivate(folder, user)
    return homeIn(folder, ownerOf(folder, user, isElsewhere), isElsewhere)
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure(`the data folder ${dataDir} cannot be used: ${(error as Error).message}`, {
      hint: 'Set PARCELLE_DATA_DIR to a folder you may write to, or DATABASE_URL to a database of your own.',
      cause: error,
    })
  }
}
