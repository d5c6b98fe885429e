import { join } from 'node:path'
import { startExplorer } from './explorer.ts'
import type { FaultPlan } from './faults.ts'
import { startGeo } from './geo.ts'
import { type SiteName, siteNames } from './names.ts'
import { startPortal } from './portal.ts'
import type { Site, SiteOptions } from './server.ts'

/** Which sites to start, and how. */
export interface SitesOptions {
  /** The same seed gives the same homes and the same faults. */
  seed: string
  /** All of them unless told. */
  only?: readonly SiteName[]
  /** Homes on the portal on the first night. */
  homes?: number
  /** The port of the first; the others follow it in the order of `siteNames`. Any free ones unless told. */
  port?: number
  faults?: Partial<Record<SiteName, FaultPlan | undefined>>
  /** A folder in which each site logs its requests as lines of JSON, `portal.jsonl`. */
  logFolder?: string
  /** Pages are made at the start and no requests are kept: for measuring. */
  isFast?: boolean
}

function startOne(
  name: SiteName,
  common: Omit<SiteOptions, 'name' | 'routes'>,
  options: SitesOptions,
): Promise<Site> {
  const { seed, homes, isFast = false } = options
  if (name === 'geo') return startGeo(common)
  if (name === 'explorer') return startExplorer(common)
  return startPortal({ ...common, seed, isPrepared: isFast, ...(homes !== undefined && { homes }) })
}

/** Starts sites of the simulated world on 127.0.0.1; all of them or, when one fails, none. */
export async function startSites(options: SitesOptions): Promise<Partial<Record<SiteName, Site>>> {
  const { seed, port, only = siteNames, logFolder, isFast = false } = options
  const started: Partial<Record<SiteName, Site>> = {}
  try {
    for (const [index, name] of siteNames.entries()) {
      if (!only.includes(name)) continue
      const faults = options.faults?.[name]
      const common = {
        seed,
        isUnlogged: isFast,
        ...(port !== undefined && { port: port + index }),
        ...(faults && { faults }),
        ...(logFolder !== undefined && { logFile: join(logFolder, `${name}.jsonl`) }),
      }
      started[name] = await startOne(name, common, options)
    }
  } catch (error) {
    for (const site of Object.values(started)) await site.close()
    throw error
  }
  return started
}
