import type { Dispatcher } from 'undici'
import { z } from 'zod'
import { DownloadError, get, refusal } from '../http.ts'

const dataset = z.object({
  title: z.string().optional(),
  last_update: z.string(),
  resources: z.array(
    z.object({
      title: z.string(),
      url: z.string(),
      filesize: z.number().nullish(),
      last_modified: z.string().nullish(),
      checksum: z.object({ type: z.string(), value: z.string() }).nullish(),
    }),
  ),
})

/** What the data set's own page says is published. */
export interface PublishedRelease {
  /** When the data set was last changed, as the service writes it. */
  lastUpdate: string
  resources: {
    title: string
    url: string
    bytes: number | null
    lastModified: string | null
    /** Kind and value, such as `sha1`. */
    checksum: { type: string; value: string } | null
  }[]
}

/**
 * Asks data.gouv.fr what the newest release of DVF is.
 *
 * DownloadError: the service cannot be reached, refuses, or answers in a form that is not its documented one.
 */
export async function newestRelease(options: {
  datasetUrl: string
  signal?: AbortSignal
  http?: Dispatcher
}): Promise<PublishedRelease> {
  const { datasetUrl } = options
  const answer = await get(datasetUrl, { accept: 'application/json' }, options)
  if (answer.statusCode !== 200) {
    await answer.body.dump()
    throw refusal(answer.statusCode, datasetUrl)
  }
  const parsed = dataset.safeParse(await answer.body.json().catch(() => null))
  if (!parsed.success) {
    const message = `${datasetUrl} is not a data set description of data.gouv.fr`
    throw new DownloadError(message, 'Check DVF_DATASET_URL.', 200, { cause: parsed.error })
  }
  return {
    lastUpdate: parsed.data.last_update,
    resources: parsed.data.resources.map((resource) => ({
      title: resource.title,
      url: resource.url,
      bytes: resource.filesize ?? null,
      lastModified: resource.last_modified ?? null,
      checksum: resource.checksum ?? null,
    })),
  }
}
