import path from 'node:path'
import type { Command } from '@commander-js/extra-typings'
import { InvalidArgumentError } from 'commander'
import { generateWorld } from '../../seeds/world/generate.ts'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'
import { formatTable } from './lib/output.ts'

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

/** Adds `parcelle world generate`: writes a simulated France with its truth, to compare tools by. */
export function register(program: Command, house: CliHouse): void {
  const world = program.command('world').description('a simulated France, of which the truth is known')
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
  ])
  addExamples(generate, [
    ['parcelle world generate france', '20 000 lines into the folder france'],
    ['parcelle world generate france --lines 1000000 --seed 7', 'a million lines of another France'],
    ['parcelle world generate france --geo-split department', 'one CSV file per department, as published'],
  ])
}
