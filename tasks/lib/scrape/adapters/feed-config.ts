import { z } from 'zod'

/** The part of a source's config that the feed adapter reads. */
export const feedSchema = z.object({
  feed: z
    .object({
      /** Address of the feed, with {insee_code} and the like; the source's address unless told. */
      url: z.string().optional(),
      /** Its form; told by its first characters unless given. */
      format: z.enum(['csv', 'json', 'xml']).optional(),
      /** Where the homes lie in JSON or XML: names with dots between; the first list of objects unless told. */
      items: z.string().optional(),
      /** What divides the columns of CSV; told by the header unless given. */
      delimiter: z.string().length(1).optional(),
    })
    .default({}),
  /** What the feed's names mean: {"prix": "price"}; a name may lead inwards with dots. */
  columns: z.record(z.string(), z.string()).default({}),
})

/** The config of a feed, read. */
export type FeedConfig = z.infer<typeof feedSchema>
