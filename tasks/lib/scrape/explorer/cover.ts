import { boundsOf, type Outline, outlineOf, type Point } from '../../geo/outline.ts'
import type { PropertyType, ScrapeRequest } from '../adapter.ts'
import { ScrapeRefusal } from '../adapter.ts'
import type { Cell } from './cell.ts'
import type { ExplorerConfig } from './config.ts'
import { grown, type Size, tile } from './geometry.ts'

/** Where a commune lies, as far as it is known. */
export interface Place {
  outline: Outline | null
  /** West, south, east, north. */
  bbox: readonly [number, number, number, number] | null
  centre: Point
}

/** The area to look at: the outline, else the rectangle around it, else null: only its centre is known. */
export function areaOf(place: Place): Outline | null {
  if (place.outline !== null) return place.outline
  if (place.bbox === null) return null
  const [west, south, east, north] = place.bbox
  return outlineOf({ west, south, east, north })
}

/** The part of a view that is its own at a zoom, in kilometres; the rest overlaps its neighbours. */
export function ownSize(config: ExplorerConfig, zoom = config.zoom): Size {
  const share = (1 - config.overlap) / 2 ** (zoom - config.zoom)
  return { width: config.view_km.width * share, height: config.view_km.height * share }
}

const codeNames = {
  house: 'house',
  flat: 'flat',
  land: 'land',
  commercial: 'commercial',
  annex: 'other',
} as const

/** The site's codes of types; all of them when none is named. */
export function typeCodes(config: ExplorerConfig, types: readonly PropertyType[]): number[] {
  const codeOf = (type: PropertyType): number => {
    const code = config.property_types[codeNames[type]]
    if (code === undefined)
      throw new ScrapeRefusal('not_found', `the source has no code for homes of type ${type}`)
    return code
  }
  const all = Object.values(config.property_types).filter((code) => code !== undefined)
  const codes = types.length === 0 ? all : types.map(codeOf)
  return [...new Set(codes)].sort((a, b) => a - b)
}

/** The first cells: rectangles side by side over the area, as wide as a view less its overlap, with the asked filters. */
export function cover(
  place: Place,
  config: ExplorerConfig,
  request: Pick<ScrapeRequest, 'propertyTypes' | 'from' | 'to'>,
): Cell[] {
  const types = typeCodes(config, request.propertyTypes)
  const area = areaOf(place)
  const [longitude, latitude] = place.centre
  const around: Outline = outlineOf({ west: longitude, south: latitude, east: longitude, north: latitude })
  const rectangles =
    area === null
      ? tile(outlineOf(grown(boundsOf(around), 0.001)), ownSize(config), 0)
      : tile(area, ownSize(config), config.margin_km)
  return rectangles.map((rectangle) => ({
    zoom: config.zoom,
    ...rectangle,
    types,
    priceFrom: null,
    priceTo: null,
    monthFrom: request.from,
    monthTo: request.to,
    isUnproved: area === null,
  }))
}
