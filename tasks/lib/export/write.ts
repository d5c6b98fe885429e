import { open, rename, rm } from 'node:fs/promises'
import type { Call } from '../scrape/politeness.ts'
import type { ExportedHome, ExportFormat } from './formats.ts'

const pageSize = 2000

/**
 * Writes the homes of a session to a file, which appears under its name once it is whole; how many there are. Memory
 * does not grow with them.
 *
 * PC404, PC409: as app_private.export_session. ENOENT and the like: the file cannot be written.
 */
export async function exportSession(options: {
  call: Call
  sessionId: string
  path: string
  format: ExportFormat
  signal: AbortSignal
}): Promise<number> {
  const { call, sessionId, path, format, signal } = options
  const aside = `${path}.partial`
  const file = await open(aside, 'w')
  try {
    await file.write(format.head)
    let count = 0
    for (let after = '0'; ; ) {
      signal.throwIfAborted()
      const homes = await call<ExportedHome>(
        `select staged_id, source_key, address, city, price, surface, rooms, sale_date::text, property_type, property_url,
           postal_code, insee_code, longitude, latitude
         from app_private.export_session($1, $2, $3)`,
        [sessionId, after, pageSize],
      )
      if (homes.length > 0) {
        await file.write((count > 0 ? format.separator : '') + homes.map(format.home).join(format.separator))
      }
      count += homes.length
      const last = homes.at(-1)
      if (last === undefined || homes.length < pageSize) break
      after = last.staged_id
    }
    await file.write(format.tail)
    await file.close()
    await rename(aside, path)
    return count
  } catch (error) {
    await file.close().catch(() => {})
    await rm(aside, { force: true })
    throw error
  }
}
