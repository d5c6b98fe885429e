import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { Failure } from '../../failure.ts'

type Json = { [name: string]: unknown }

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Reads a config as it is given on the command line: JSON, the name of a file that holds it, or `-` for standard input.
 *
 * Failure (exit code 2): there is no such file, or what it holds is no JSON.
 */
export async function readConfig(given: string): Promise<unknown> {
  const isInline = /^\s*[{[]/.test(given)
  const content = isInline
    ? given
    : await (given === '-' ? text(process.stdin) : readFile(given, 'utf8')).catch((cause: Error) => {
        throw new Failure(`the config cannot be read: ${cause.message}`, {
          hint: 'Give JSON in quotes, a file, or - for standard input.',
          exitCode: 2,
          cause,
        })
      })
  try {
    return JSON.parse(content)
  } catch (cause) {
    throw new Failure(`the config is no JSON: ${(cause as Error).message}`, {
      hint: `Give an object such as '{"columns": {"prix": "price"}}'.`,
      exitCode: 2,
      cause,
    })
  }
}

/** A path into a config: names with dots between; a dot that belongs to a name has a backslash before it. */
export function readPath(given: string): string[] {
  const names = given.split(/(?<!\\)\./).map((name) => name.replaceAll('\\.', '.'))
  if (!names.includes('')) return names
  throw new Failure(`"${given}" is no path into a config`, {
    hint: 'Give names with dots between, such as search.url.',
    exitCode: 2,
  })
}

/** What was given as path=value: the path, and the value as JSON, or as text where it is none. */
export function readSetting(given: string): { path: string[]; value: unknown } {
  const at = given.indexOf('=')
  if (at < 1) {
    throw new Failure(`"${given}" sets nothing`, {
      hint: 'Give it as path=value, such as requests_per_second=0.5.',
      exitCode: 2,
    })
  }
  const value = given.slice(at + 1)
  try {
    return { path: readPath(given.slice(0, at)), value: JSON.parse(value) }
  } catch (error) {
    if (error instanceof Failure) throw error
    return { path: readPath(given.slice(0, at)), value }
  }
}

const noPlace = (path: readonly string[], why: string): Failure =>
  new Failure(`${path.join('.')} cannot be set: ${why}`, {
    hint: 'See the config with: parcelle sources show CODE',
    exitCode: 2,
  })

/** A config with a value at a path; objects on the way are made, and an item of a list is told by its number, from 0. */
export function withSetting(config: unknown, path: readonly string[], value: unknown, done = 0): unknown {
  const name = path[done]
  if (name === undefined) return value
  if (Array.isArray(config)) {
    const index = Number(name)
    if (!/^\d+$/.test(name) || index > config.length)
      throw noPlace(path, `the list has ${config.length} items`)
    const item = withSetting(config[index], path, value, done + 1)
    return index === config.length ? [...config, item] : config.with(index, item)
  }
  if (config !== undefined && !isObject(config))
    throw noPlace(path, `${path.slice(0, done).join('.')} is ${JSON.stringify(config)}`)
  const own = config ?? {}
  return {
    ...own,
    [name]: withSetting(Object.hasOwn(own, name) ? own[name] : undefined, path, value, done + 1),
  }
}

/** A config without what stands at a path. Failure (exit code 2): there is nothing. */
export function withoutSetting(config: unknown, path: readonly string[], done = 0): unknown {
  const name = path[done] ?? ''
  const isLast = done === path.length - 1
  if (Array.isArray(config) && /^\d+$/.test(name) && Number(name) < config.length) {
    const index = Number(name)
    return isLast
      ? config.toSpliced(index, 1)
      : config.with(index, withoutSetting(config[index], path, done + 1))
  }
  if (!isObject(config) || !Object.hasOwn(config, name)) throw noPlace(path, 'there is nothing at this place')
  if (!isLast) return { ...config, [name]: withoutSetting(config[name], path, done + 1) }
  const { [name]: _, ...rest } = config
  return rest
}

/** Everything in a config by its path, as JSON: {"search.url": "\"https://…\""}. */
export function settingsOf(config: unknown, path = ''): Map<string, string> {
  if (!isObject(config) || Object.keys(config).length === 0) return new Map([[path, JSON.stringify(config)]])
  const inside = Object.entries(config).flatMap(([name, value]) => [
    ...settingsOf(value, `${path === '' ? '' : `${path}.`}${name.replaceAll('.', '\\.')}`),
  ])
  return new Map(inside)
}
