import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Command } from '@commander-js/extra-typings'
import { InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { faultPlanSchema } from '../../../seeds/world/sites/faults.ts'
import { type SiteName, siteNames } from '../../../seeds/world/sites/names.ts'
import { addExamples } from '../lib/examples.ts'
import type { CliHouse } from '../lib/house.ts'
import { formatTable } from '../lib/output.ts'
import { wholeBetween } from './numbers.ts'

const faultsSchema = z.partialRecord(z.enum(siteNames), faultPlanSchema)

function faults(text: string): z.infer<typeof faultsSchema> {
  try {
    return faultsSchema.parse(JSON.parse(text))
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message
    throw new InvalidArgumentError(
      `Expected faults by site, such as {"portal": [{"kind": "error", "share": 0.1}]}: ${reason}`,
    )
  }
}

function site(text: string, before: SiteName[] = []): SiteName[] {
  const found = siteNames.find((one) => one === text)
  if (found === undefined) throw new InvalidArgumentError(`One of ${siteNames.join(', ')}.`)
  return [...before, found]
}

/** Adds `parcelle world serve`: the sites and services of the simulated world, on loopback. */
export function registerServe(world: Command, house: CliHouse): void {
  const serve = world
    .command('serve')
    .description('serve the sites and services of the simulated world on 127.0.0.1 until stopped')
    .option(
      '--port <number>',
      'of the first site, the others follow; any free ones unless told',
      wholeBetween(1, 65_000),
    )
    .option('--seed <text>', 'another seed gives other homes', '1')
    .option('--homes <number>', 'homes on the portal', wholeBetween(100, 1_000_000), 600)
    .option('--site <name>', `only this one, may be repeated: ${siteNames.join(', ')}`, site)
    .option('--faults <json>', 'what goes wrong, by site (seeds/world/README.md)', faults)
    .option('--log <folder>', 'where each site writes its requests as JSON lines')
    .option('--fast', 'pages made beforehand, requests not kept: for measuring')
    .action(async (options) => {
      const logFolder = options.log === undefined ? undefined : path.resolve(options.log)
      if (logFolder !== undefined) mkdirSync(logFolder, { recursive: true })
      const { startSites } = await import('../../../seeds/world/sites/index.ts')
      const sites = await startSites({
        seed: options.seed,
        homes: options.homes,
        isFast: options.fast ?? false,
        ...(options.port !== undefined && { port: options.port }),
        ...(options.site && { only: options.site }),
        ...(options.faults && { faults: options.faults }),
        ...(logFolder !== undefined && { logFolder }),
      })
      const running = Object.values(sites)
      try {
        const rows = running.map(({ name, url }) => ({ name, url }))
        house.out.result({ sites: rows }, () =>
          formatTable(
            ['site', 'address'],
            rows.map(({ name, url }) => [name, url]),
          ),
        )
        if (!house.signal.aborted) await once(house.signal, 'abort')
      } finally {
        await Promise.all(running.map((one) => one.close()))
      }
    })
  addExamples(serve, [
    ['parcelle world serve', 'all of them, on any free ports'],
    ['parcelle world serve --site portal --port 4300 --homes 10000 --fast', 'a portal to measure against'],
    [
      `parcelle world serve --faults '{"portal": [{"kind": "too_many", "share": 0.05, "retryAfter": 2}]}'`,
      'a portal that is often asked too much',
    ],
  ])
}
