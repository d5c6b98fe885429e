import path from 'node:path'
import type { Command } from '@commander-js/extra-typings'
import { InvalidArgumentError } from 'commander'
import { generateWorld } from '../../seeds/world/generate.ts'
import { generateListings } from '../../seeds/world/listings/generate.ts'
import { type HabitsName, habitsByName } from '../../seeds/world/listings/habits.ts'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'
import { formatTable } from './lib/output.ts'
import { wholeBetween } from './world/numbers.ts'
import { registerServe } from './world/serve.ts'

const splits = ['full', 'year', 'department'] as const

function lineCount(text: string): number {
  const lines = Number(text.replaceAll('_', ''))
  if (Number.isInteger(lines) && lines >= 500 && lines <= 20_000_000) return lines
  throw new InvalidArgumentError('Between 500 and 20000000.')
}

function split(text: string): (typeof splits)[number] {
  const found = splits.find((one) => one === text)
  if (found !== undefined) return found
  throw new InvalidArgumentError(`One of ${splits.join(', ')}.`)
}

function habits(text: string): HabitsName {
  const names = Object.keys(habitsByName) as HabitsName[]
  const found = names.find((one) => one === text)
  if (found !== undefined) return found
  throw new InvalidArgumentError(`One of ${names.join(', ')}.`)
}

/**
 * Adds `parcelle world …`: write a simulated France of sales, and of homes for sale, with their truth, to compare tools
 * by; serve its sites.
 */
export function register(program: Command, house: CliHouse): void {
  const world = program.command('world').description('a simulated France, of which the truth is known')
  registerListings(world, house)
  registerServe(world, house)
  const generate = world
    .command('generate')
    .description(
      'write two releases in both official forms, and the truth about them (seeds/world/README.md)',
    )
    .argument('<folder>', 'where to; files of an earlier world there are replaced')
    .option('--lines <number>', 'readable lines of release A', lineCount, 20_000)
    .option('--seed <text>', 'another seed gives another France', '1')
    .option(
      '--geo-split <how>',
      'cut the CSV form into one file, or one by year or department',
      split,
      'full',
    )
    .action(async (folder, options) => {
      const target = path.resolve(folder)
      const progress = house.out.progress('generating a simulated France', options.lines)
      const manifest = await generateWorld({
        folder: target,
        lines: options.lines,
        seed: options.seed,
        geoSplit: options.geoSplit,
        signal: house.signal,
        progress: (lines) => progress.update(lines),
      }).finally(() => progress.stop())
      house.out.result({ folder: target, ...manifest }, () => {
        const files = manifest.releases.flatMap((release) =>
          release.files.map((file) => [release.code, file.form, file.path, file.lines, file.bad]),
        )
        const table = formatTable(['release', 'form', 'file', 'lines', 'bad'], files)
        const steps = Object.entries(manifest.steps).map(([kind, count]) => `${count} ${kind}`)
        return `${table}\n\nfrom A to B: ${steps.join(', ')}\ntruth: ${path.join(target, 'truth')}`
      })
    })
  addExamples(world, [
    ['parcelle world generate france --lines 100000', 'a world of a hundred thousand lines'],
    ['parcelle world listings market --homes 2000', 'ten nights of a listing source'],
    ['parcelle world serve', 'the sites on loopback, to scrape'],
  ])
  addExamples(generate, [
    ['parcelle world generate france', '20 000 lines into the folder france'],
    ['parcelle world generate france --lines 1000000 --seed 7', 'a million lines of another France'],
    ['parcelle world generate france --geo-split department', 'one CSV file per department, as published'],
  ])
}

function registerListings(world: Command, house: CliHouse): void {
  const listings = world
    .command('listings')
    .description('write what a listing source shows night by night, and the truth about it')
    .argument('<folder>', 'where to; files of an earlier listing world there are replaced')
    .option('--homes <number>', 'homes for sale on the first night', wholeBetween(100, 1_000_000), 1000)
    .option('--sessions <number>', 'sound sessions, one a night', wholeBetween(1, 1000), 10)
    .option('--seed <text>', 'another seed gives another market', '1')
    .option('--habits <name>', 'careful, ordinary, patchy or careless', habits, 'ordinary')
    .option(
      '--fault-every <number>',
      'a faulty session after so many nights; 0 for none',
      wholeBetween(0, 1000),
      0,
    )
    .action(async (folder, options) => {
      const target = path.resolve(folder)
      const progress = house.out.progress('generating a listing source', options.sessions)
      const manifest = await generateListings({
        folder: target,
        homes: options.homes,
        sessions: options.sessions,
        seed: options.seed,
        habits: options.habits,
        faultEvery: options.faultEvery,
        signal: house.signal,
        progress: (sessions) => progress.update(sessions),
      }).finally(() => progress.stop())
      house.out.result({ folder: target, ...manifest }, () => {
        const rows = manifest.sessions.map((one) => [one.path, one.night, one.rows, one.fault ?? ''])
        const table = formatTable(['file', 'night', 'rows', 'fault'], rows)
        return `${table}\n\ntruth: ${path.join(target, 'truth')}`
      })
    })
  addExamples(listings, [
    ['parcelle world listings market', 'ten nights of about a thousand homes into the folder market'],
    [
      'parcelle world listings market --homes 5000 --fault-every 3',
      'with faulty sessions of ten kinds in turn',
    ],
  ])
}
