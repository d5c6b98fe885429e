import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { DeployError } from './error.ts'

/** One definition file: its path from the project's root is its identity, its text is what is built. */
export type Definition = { path: string; kind: Kind; text: string; hash: string; requires: string[] }

/** The kinds of definition, in the order they are built. */
export const kinds = ['types', 'functions', 'matviews', 'views', 'triggers', 'policies'] as const
export type Kind = (typeof kinds)[number]

/**
 * Reads every definition file below the project's root, in the order they are to be built.
 *
 * Files follow each other by kind and path, except that a file whose `-- requires: path` headers name files not yet
 * built waits for them. Throws DeployError PC422 when a header names no file or when headers form a circle.
 */
export async function readDefinitions(root: string): Promise<Definition[]> {
  const found: Definition[] = []
  for (const kind of kinds) {
    const folder = kind === 'triggers' ? 'triggers' : posix.join('sql', kind)
    for (const path of await sqlFiles(root, folder)) {
      const text = await readFile(join(root, path), 'utf8')
      found.push({ path, kind, text, hash: sha256(text), requires: requirements(text) })
    }
  }
  return inOrder(found)
}

/** SHA-256 of a text, in hexadecimal. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

async function sqlFiles(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    },
  )
  return entries
    .filter((name) => name.endsWith('.sql'))
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .sort()
}

function requirements(text: string): string[] {
  return [...text.matchAll(/^-- requires: *(\S+) *$/gm)].map((match) => match[1] ?? '')
}

function inOrder(found: Definition[]): Definition[] {
  const paths = new Set(found.map((definition) => definition.path))
  for (const { path, requires } of found) {
    const missing = requires.find((required) => !paths.has(required))
    if (missing !== undefined) {
      throw new DeployError(`required file ${missing} does not exist`, {
        code: 'PC422',
        file: path,
        hint: 'Write the path from the root of the project, such as sql/functions/app_public/resolve_city.sql.',
      })
    }
  }
  const ordered: Definition[] = []
  const built = new Set<string>()
  const waiting = [...found]
  while (waiting.length > 0) {
    const at = waiting.findIndex(({ requires }) => requires.every((required) => built.has(required)))
    const [ready] = at === -1 ? [] : waiting.splice(at, 1)
    if (ready === undefined) {
      throw new DeployError(`definitions require each other: ${waiting.map(({ path }) => path).join(', ')}`, {
        code: 'PC422',
        file: waiting[0]?.path,
        hint: 'Take one of the "-- requires:" headers away.',
      })
    }
    built.add(ready.path)
    ordered.push(ready)
  }
  return ordered
}
