import path from 'node:path'
import { z } from 'zod'
import { defineTask, Final } from './lib/defineTask.ts'
import { DownloadError, downloadDvf } from './lib/download.ts'

/** Which file of DVF. */
export const dvfFile = z.object({ year: z.int().min(2014).max(2100), department: z.string().optional() })

/**
 * Fetches a file of DVF from `DVF_BASE_URL` into the data folder, or finds that the one there is still current.
 *
 * Enqueued by the stage download of dvf_update. A second run goes on where the first one was cut off. The import fetches
 * what does not lie on its own host.
 */
export default defineTask({
  name: 'download_dvf',
  payload: dvfFile.strict(),
  async run({ year, department }, { config, log, signal }) {
    try {
      const file = await downloadDvf({
        baseUrl: config.dvfBaseUrl,
        year,
        ...(department === undefined ? {} : { department }),
        folder: path.join(config.dataDir, 'downloads'),
        signal,
      })
      log.info({ url: file.url, bytes: file.bytes }, file.status)
      const { url, status, bytes, sha256 } = file
      return { result: { url, status, bytes, sha256 }, itemCount: 1 }
    } catch (error) {
      if (error instanceof DownloadError && error.statusCode === 404) {
        throw new Final(error.message, { hint: error.hint, cause: error })
      }
      throw error
    }
  },
})
