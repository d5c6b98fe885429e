import { z } from 'zod'
import { isHost } from '../browser/reach.ts'
import { patternSchema } from '../config.ts'

const selector = z.string().min(1)
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/)

const parameters = z
  .object({
    center: z.string().min(1).default('center'),
    zoom: z.string().min(1).default('zoom'),
    property_types: z.string().min(1).default('propertytypes'),
    month_from: z.string().min(1).default('minmonthyear'),
    month_to: z.string().min(1).default('maxmonthyear'),
    price_from: z.string().min(1).default('minprice'),
    price_to: z.string().min(1).default('maxprice'),
  })
  .strict()

const selectors = z
  .object({
    /** The scrolling list. */
    list: selector,
    /** One result within it. */
    item: selector,
    /** What stands for a result, or for the list, until it is there. */
    skeleton: selector.nullable().default(null),
    /** What says that there is no result. */
    none: selector,
    /** What comes after the last result; without it the end is told by nothing more coming for a while. */
    end: selector.nullable().default(null),
    /** What says that the site could not answer. */
    error: selector.nullable().default(null),
    /** How many results there are in all, where the site tells. */
    announced: selector.nullable().default(null),
    link: selector.nullable().default('a[href]'),
    address: selector,
    city: selector,
    price: selector,
    surface: selector.nullable().default(null),
    rooms: selector.nullable().default(null),
    type: selector.nullable().default(null),
    date: selector,
  })
  .strict()

const cityPage = z
  .object({
    /** With {region} {region_code} {department} {department_code} {city} {insee_code} {postal_code}; names as slugs. */
    path: z.string().regex(/^\/.*\{/),
    flat: selector,
    house: selector,
    /** Whether the figures come only with JavaScript. */
    needs_browser: z.boolean().default(false),
  })
  .strict()

/** What `sources.config` holds for a transaction explorer: its addresses, names, limits and marks. */
export const explorerConfig = z
  .object({
    search: z.object({ path: z.string().regex(/^\//), parameters: parameters.prefault({}) }).strict(),
    selectors,
    city_page: cityPage.nullable().default(null),
    /**
     * Further hosts that the scripts of its pages may talk to, such as that of its data: `api.example.fr`, with a port
     * where it is not that of http or https. No other host than the source's own is reached.
     */
    hosts: z
      .array(z.string().refine(isHost, 'expected a host such as api.example.fr, without http://'))
      .max(50)
      .default([]),
    /** The code of each type of home; what has none cannot be asked for. */
    property_types: z
      .object({
        house: z.int(),
        flat: z.int(),
        land: z.int(),
        commercial: z.int(),
        other: z.int(),
      })
      .partial()
      .strict()
      .refine((types) => Object.keys(types).length > 0, 'expected at least one type')
      .default({ commercial: 0, house: 1, flat: 2, land: 4, other: 5 }),
    /** The zoom at which the view is `view_km` wide and high; one more halves both. */
    zoom: z.int().min(1).max(20).default(12),
    view_km: z
      .object({ width: z.number().positive(), height: z.number().positive() })
      .strict()
      .default({ width: 17, height: 14 }),
    /** How much of a view also lies in its neighbour's. */
    overlap: z.number().min(0).max(0.5).default(0.1),
    /** Views are never smaller than at this zoom. */
    smallest_zoom: z.int().min(1).max(22).default(18),
    /** Homes this far outside the outline are still looked for: addresses on its border. */
    margin_km: z.number().min(0).default(0.1),
    /** The list stops here. */
    results_at_most: z.int().min(2).default(101),
    /** From here on a view is divided. */
    split_from: z.int().min(2).default(95),
    /** The first month that the site knows. */
    first_month: month.default('2014-01'),
    /** What the key of a home is cut out of its address by: the first group, or the whole match. */
    key_pattern: patternSchema.nullable().default(null),
    /** Milliseconds until results, or the sign that there are none, must have come. */
    patience_ms: z.int().min(100).max(120_000).default(20_000),
    /** Without a mark for the end: milliseconds in which nothing more comes. */
    settle_ms: z.int().min(20).max(10_000).default(500),
  })
  .refine(
    (config) => config.split_from <= config.results_at_most,
    'split_from must not be above results_at_most',
  )
  .refine((config) => config.zoom <= config.smallest_zoom, 'zoom must not be above smallest_zoom')

/** What `sources.config` holds for a transaction explorer. */
export type ExplorerConfig = z.infer<typeof explorerConfig>
