import { z } from 'zod'
import { markSchema, patternSchema } from '../config.ts'

/** Where a value stands: a CSS selector, with `@name` behind it for an attribute; of several the first that has one. */
const place = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)])

/** How pages of homes are read: what their addresses look like, and where columns stand that no JSON-LD tells. */
export const detailSchema = z.object({
  /** Regular expression over the whole address of a home's page; its first group is the home's key. */
  url: patternSchema,
  /** Columns of staging, and where they stand. */
  fields: z.record(z.string(), place).default({}),
  /** The site's pages may lack their closing tag, so that a page cut short cannot be told. */
  is_end_optional: z.boolean().default(false),
})

/** The part of a source's config that the portal adapter reads. */
export const portalSchema = z.object({
  search: z
    .object({
      /** Address of a page of results, with {city} {city_slug} {postal_code} {insee_code} {department} {type} {page}. */
      url: z.string().min(1),
      /** What {type} is for each of our types. */
      types: z
        .partialRecord(z.enum(['flat', 'house', 'land', 'annex', 'commercial']), z.string())
        .default({}),
      first_page: z.int().min(0).default(1),
      /** CSS selector of links to homes; every link with the address of a home unless told. */
      link: z.string().optional(),
      /** CSS selector of the link to the next page; rel="next" unless told. */
      next: z.string().optional(),
      /** How many results there are: a CSS selector, or a regular expression between slashes with one group. */
      count: markSchema.optional(),
      /** CSS selector or /regular expression/ of the words that say there are no results. */
      empty: markSchema.optional(),
      /** CSS selectors of one result and of the price in it, by which changed homes are told. */
      result: z.string().optional(),
      price: z.string().optional(),
      /** Pages that the tier first_pages reads. */
      first_pages: z.int().min(1).default(2),
    })
    .optional(),
  detail: detailSchema,
  /** Homes that the tier sample reads again. */
  sample_size: z.int().min(1).max(100_000).default(100),
})

/** The config of a portal, read. */
export type PortalConfig = z.infer<typeof portalSchema>
/** How pages of homes are read. */
export type DetailConfig = z.infer<typeof detailSchema>
