// A command that takes the database, says its address, and leaves when its stdin ends.
import { parseConfig } from '../../../server/config.ts'
import { createLog } from '../../../server/log.ts'
import { withDatabase } from '../../../server/postgres/house.ts'

const config = parseConfig()
await withDatabase(config, createLog(config), async (db) => {
  process.stdout.write(`${db.ownerUrl}\n`)
  process.stdin.resume()
  await new Promise((resolve) => process.stdin.once('end', resolve))
})
