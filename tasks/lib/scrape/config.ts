import { z } from 'zod'

/** A regular expression, as a config writes it. */
export const patternSchema: z.ZodString = z.string().refine(isPattern, 'expected a regular expression')

/** A CSS selector, or a regular expression between slashes. */
export const markSchema: z.ZodString = z
  .string()
  .min(1)
  .refine(
    (text) => !isBetweenSlashes(text) || isPattern(text.slice(1, -1)),
    'expected a regular expression between the slashes',
  )

/** Whether a mark is a regular expression between slashes, and no CSS selector. */
export function isBetweenSlashes(text: string): boolean {
  return text.length > 2 && text.startsWith('/') && text.endsWith('/')
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text)
    return true
  } catch {
    return false
  }
}

/** What the config of every scraped source may say about how it is asked. */
export const askingSchema = z.object({
  /** Requests a second to its host, by all workers together; null for none, on local sources only. */
  requests_per_second: z.number().positive().max(1000).nullable().optional(),
  /** Requests in flight at once. */
  concurrency: z.int().min(1).max(64).optional(),
  /** Seconds for one answer. */
  timeout_seconds: z.number().positive().max(600).default(30),
  /** Bytes of one answer. */
  max_bytes: z.int().positive().max(200_000_000).default(10_000_000),
  /** Seconds for which an answer holds whose server says nothing about it; null keeps no answers at all. */
  cache_seconds: z.number().min(0).nullable().default(0),
  /** Seconds before the second try of an item; twice as long before the third. */
  backoff_seconds: z.number().min(0).max(3600).default(2),
  /** Seconds that a host which fails again and again is left alone at first. */
  circuit_seconds: z.number().positive().max(3600).default(30),
})

/** How a source wants to be asked. */
export type Asking = z.infer<typeof askingSchema>
