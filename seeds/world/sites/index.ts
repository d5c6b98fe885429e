import { join } from 'node:path'
import type { FaultPlan } from './faults.ts'
import { startGeo } from './geo.ts'
import { startPortal } from './portal.ts'
import type { Site } from './server.ts'

/** The sites there are. */
export const siteNames = ['portal', 'geo'] as const

/** The name of a site. */
export type SiteName = (typeof siteNames)[number]

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
  faults?: Partial<Record<SiteName, FaultPlan>>
  /** A folder in which each site logs its requests as lines of JSON, `portal.jsonl`. */
  logFolder?: string
  /** Pages are made at the start and no requests are kept: for measuring. */
  isFast?: boolean
}

/** Starts sites of the simulated world on 127.0.0.1; all of them or, when one fails, none. */
export async function startSites(options: SitesOptions): Promise<Record<SiteName, Site | undefined>> {
  const { seed, homes, port, only = siteNames, logFolder, isFast = false } = options
  const started: Partial<Record<SiteName, Site>> = {}
  try {
    for (const [index, name] of siteNames.entries()) {
      if (!only.includes(name)) continue
      const common = {
        seed,
        isUnlogged: isFast,
        ...(port !== undefined && { port: port + index }),
        ...(options.faults?.[name] && { faults: options.faults[name] }),
        ...(logFolder !== undefined && { logFile: join(logFolder, `${name}.jsonl`) }),
      }
      started[name] =
        name === 'geo'
          ? await startGeo(common)
          : await startPortal({ ...common, isPrepared: isFast, ...(homes !== undefined && { homes }) })
    }
  } catch (error) {
    for (const site of Object.values(started)) await site.close()
    throw error
  }
  return started as Record<SiteName, Site | undefined>
}
