import pino from 'pino'
import t from 'tap'
import { columns } from '../../seeds/world/listings/columns.ts'
import { startPortal } from '../../seeds/world/sites/portal.ts'
import { portalSettings } from '../../seeds/world/sites/settings.ts'
import { scrapeSession } from '../../tasks/lib/scrape/session.ts'
import { database } from '../lib/database.ts'
import { staged } from '../lib/intake.ts'
import { beginScrape, localSource } from './scrape-lib.ts'

const log = pino({ level: process.env.LOG_LEVEL ?? 'silent' })
const signal = new AbortController().signal

t.test('a portal is read whole: what is staged is what it shows', async (t) => {
  const db = await database(t)
  const site = await startPortal({ seed: 'scrape', homes: 200 })
  t.teardown(() => site.close())
  const truth = site.truth()
  const [city] = truth.cities
  const wanted = truth.homes.filter((home) => home.inseeCode === city?.inseeCode)
  await localSource(db, 'portal', 'portal', site.url, portalSettings())
  const id = await beginScrape(db, 'portal', { insee_code: city?.inseeCode })
  const report = await scrapeSession({ url: db.url, sessionId: id, log, signal })

  t.match(report, {
    outcome: 'complete',
    is_complete: true,
    staged_count: wanted.length,
    unkeyed_count: 0,
    errors: [],
  })
  const rows = new Map((await staged(db, id)).map((row) => [row.source_key, row]))
  t.strictSame([...rows.keys()].sort(), wanted.map(({ key }) => key).sort())
  for (const home of wanted) {
    const row = rows.get(home.key) ?? {}
    for (const column of columns.filter((name) => home.row[name] !== ''))
      t.ok(row[column], `${home.key} says ${column}`)
  }
})
