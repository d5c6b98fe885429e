import type pino from 'pino'
import { ScrapeRefusal } from '../scrape/adapter.ts'
import type { PoliteClient } from '../scrape/get.ts'
import { askCommune, askDepartment, type CommuneFacts, GeoError, isArrondissement } from './communes.ts'

/** From so many communes of one département on, all of it is asked for at once. */
export const departmentFrom = 5

interface Asked {
  inseeCode: string
  department: { code: string }
}

/** What the geographic service says of communes, in as few requests as that takes. */
export interface Gazetteer {
  /**
   * What it says of one commune.
   *
   * GeoError: it does not know it. ScrapeRefusal: it does not answer.
   */
  facts(city: Asked): Promise<CommuneFacts>
}

/**
 * Opens the geographic service for the cities that are going to be asked about, département by département. Of a
 * département with many of them all communes are asked for in one request; what that does not tell is asked for one by
 * one, as if it had not been made.
 */
export function openGazetteer(options: {
  cities: readonly Asked[]
  geoApiUrl: string
  get: PoliteClient['get']
  log: pino.Logger
}): Gazetteer {
  const { cities, geoApiUrl, get, log } = options
  const counts = new Map<string, number>()
  for (const { inseeCode, department } of cities) {
    // No list of a département holds them.
    if (isArrondissement(inseeCode)) continue
    counts.set(department.code, (counts.get(department.code) ?? 0) + 1)
  }
  // Outlines of a département are megabytes: those of one are kept at a time.
  let held: { code: string; communes: Promise<Map<string, CommuneFacts>> } | null = null

  const communesOf = (code: string): Promise<Map<string, CommuneFacts>> => {
    if (held?.code === code) return held.communes
    const communes = askDepartment(geoApiUrl, code, get).catch((err: unknown) => {
      if (!(err instanceof GeoError || err instanceof ScrapeRefusal)) throw err
      log.warn({ err, department: code }, 'not told of a département: its communes are asked for one by one')
      return new Map<string, CommuneFacts>()
    })
    held = { code, communes }
    return communes
  }

  return {
    async facts({ inseeCode, department }) {
      const isOneOfMany = (counts.get(department.code) ?? 0) >= departmentFrom
      const known =
        isOneOfMany && !isArrondissement(inseeCode)
          ? (await communesOf(department.code)).get(inseeCode)
          : undefined
      return known ?? askCommune(geoApiUrl, inseeCode, get)
    },
  }
}
