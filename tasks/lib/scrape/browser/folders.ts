import { createHash } from 'node:crypto'
import { lstat, mkdir, mkdtemp, readdir, readlink, rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { birthOf, isRunning } from '../process.ts'

// A browser that is killed, or whose process is, leaves its profile behind. So each has a folder whose name says whose it
// is: those of processes that are no more are taken away by whoever comes next.

const owner = /^(\d+)-(\d+)-([\da-f]{6})-/

/** Where the folders of all browsers of this user lie. */
export const browserFolders = join(tmpdir(), `parcelle-browser-${process.getuid?.() ?? 'user'}`)

/** The machine as far as its process numbers go: containers may share a folder and not the processes. */
async function place(): Promise<string> {
  const space = await readlink('/proc/self/ns/pid').catch(() => '')
  return createHash('sha256').update(`${hostname()} ${space}`).digest('hex').slice(0, 6)
}

/**
 * Makes a folder for a browser of this process.
 *
 * Error: the folder for all of them belongs to another user.
 */
export async function makeBrowserFolder(root = browserFolders): Promise<string> {
  await mkdir(root, { recursive: true, mode: 0o700 })
  const info = await lstat(root)
  if (!info.isDirectory() || info.uid !== (process.getuid?.() ?? info.uid))
    throw new Error(`${root} belongs to somebody else: remove it`)
  return mkdtemp(join(root, `${process.pid}-${birthOf(process.pid) ?? 0}-${await place()}-`))
}

/** Takes a browser's folder away; while its last processes end it may still be written to. */
export async function removeBrowserFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
}

/** Takes away the folders of browsers whose processes are no more, never those of one that runs; how many. */
export async function clearBrowserFolders(root = browserFolders): Promise<number> {
  const [names, here] = [await readdir(root).catch(() => []), await place()]
  const left = names.filter((name) => {
    const [, pid, birth, where] = owner.exec(name) ?? []
    if (where !== here) return false
    const present = birthOf(Number(pid))
    // A number may have been given to another process since.
    return !isRunning(Number(pid)) || (birth !== '0' && present !== null && present !== birth)
  })
  await Promise.all(left.map((name) => removeBrowserFolder(join(root, name)).catch(() => {})))
  return left.length
}
