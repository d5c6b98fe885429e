import path from 'node:path'
import { z } from 'zod'
import { dvfFile } from './download_dvf.ts'
import { importDvf } from './import_dvf.ts'
import { defineTask } from './lib/defineTask.ts'
import { downloadDvf } from './lib/download.ts'

/**
 * Imports files of DVF as one release; those that do not lie on this host are fetched first.
 *
 * Enqueued by the stage import of dvf_update. A second run finds the release imported and changes nothing; one that was
 * killed is cleared away by the next.
 */
export default defineTask({
  name: 'import_dvf_release',
  payload: z.object({ files: z.array(dvfFile).min(1), code: z.string().optional() }).strict(),
  async run({ files, code }, { config, log, signal, ownerUrl }) {
    if (ownerUrl === null) throw new Error('an import needs a connection of its own')
    const paths: string[] = []
    for (const { year, department } of files) {
      const file = await downloadDvf({
        baseUrl: config.dvfBaseUrl,
        year,
        ...(department === undefined ? {} : { department }),
        folder: path.join(config.dataDir, 'downloads'),
        signal,
      })
      paths.push(file.path)
    }
    const report = await importDvf({ url: ownerUrl, log, paths, code, signal })
    return { result: { ...report }, itemCount: report.accepted, failedItemCount: report.rejected }
  },
})
