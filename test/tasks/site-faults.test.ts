import pino from 'pino'
import t from 'tap'
import type { FaultPlan } from '../../seeds/world/sites/faults.ts'
import { type PortalQuirks, startPortal } from '../../seeds/world/sites/portal.ts'
import { openPortalMarket } from '../../seeds/world/sites/portal-homes.ts'
import { portalSettings } from '../../seeds/world/sites/settings.ts'
import { scrapeSession } from '../../tasks/lib/scrape/session.ts'
import { database } from '../lib/database.ts'
import { addLocalSource } from './sites-lib.ts'

// Everything that the simulated portal can do to who reads it, and what the session must be called then.

t.setTimeout(120_000)

const market = openPortalMarket({ seed: 'faults', homes: 100 })
const { homes, cities } = market.truth()
const all = homes.length
const [one, two] = homes.map(({ key }) => key)
const details = '^/annonces/'

type Expected = {
  outcome: 'complete' | 'partial' | 'blocked' | 'failed'
  staged: number | [least: number, most: number]
  reasons?: string[]
}
type Case = [name: string, world: { faults?: FaultPlan; quirks?: PortalQuirks; robots?: string }, Expected]

const whole: Expected = { outcome: 'complete', staged: all }
const cases: Case[] = [
  ['nothing wrong', {}, whole],
  ['429 now and then', { faults: [{ kind: 'too_many', at: [2, 30], retryAfter: 1 }] }, whole],
  ['429 with nonsense for a time', { faults: [{ kind: 'too_many', at: [9], retryAfter: '0' }] }, whole],
  ['503 with a time', { faults: [{ kind: 'error', status: 503, at: [12], retryAfter: 1 }] }, whole],
  ['500 now and then', { faults: [{ kind: 'error', share: 0.08 }] }, whole],
  ['slow answers', { faults: [{ kind: 'slow', share: 0.1, milliseconds: 150 }] }, whole],
  ['pages that break off', { faults: [{ kind: 'truncated', share: 0.08 }] }, whole],
  ['cut pages that pass for whole', { faults: [{ kind: 'truncated', share: 0.08, isQuiet: true }] }, whole],
  ['connections reset', { faults: [{ kind: 'reset', share: 0.08 }] }, whole],
  [
    'one page that never answers well',
    { faults: [{ kind: 'error', share: 1, path: `/${one}$` }] },
    { outcome: 'partial', staged: all - 1, reasons: ['unavailable'] },
  ],
  [
    'two pages rebuilt',
    { faults: [{ kind: 'layout', share: 1, path: `/(${one}|${two})$` }] },
    { outcome: 'partial', staged: all - 2, reasons: ['layout'] },
  ],
  [
    'all pages of homes rebuilt',
    { faults: [{ kind: 'layout', share: 1, path: details }] },
    { outcome: 'failed', staged: 0, reasons: ['layout', 'nothing_read'] },
  ],
  [
    'a challenge page, 403',
    { faults: [{ kind: 'challenge', at: range(40, 400) }] },
    { outcome: 'blocked', staged: [1, 39] },
  ],
  [
    'a challenge page, 200',
    { faults: [{ kind: 'challenge', status: 200, at: range(40, 400) }] },
    { outcome: 'blocked', staged: [1, 39] },
  ],
  [
    'a login wall',
    { faults: [{ kind: 'login', share: 1, path: details }] },
    { outcome: 'blocked', staged: 0 },
  ],
  [
    'a way to a login page',
    { faults: [{ kind: 'login', status: 302, share: 1, path: details }] },
    { outcome: 'blocked', staged: 0 },
  ],
  ['homes whose page is gone', { quirks: { deadLinks: 3 } }, { outcome: 'complete', staged: all - 3 }],
  [
    'homes that robots.txt keeps to itself',
    { quirks: { privateHomes: 4 } },
    { outcome: 'partial', staged: all - 4, reasons: ['robots'] },
  ],
  [
    'robots.txt that lets nobody in',
    { robots: 'User-agent: *\nDisallow: /\n' },
    { outcome: 'failed', staged: 0, reasons: ['robots'] },
  ],
  ['advertisements among the results', { quirks: { sponsored: true } }, whole],
  ['pages that begin with the end of the one before', { quirks: { drift: 4 } }, whole],
  ['no number of results', { quirks: { noCount: true } }, whole],
  ['more announced than there are', { quirks: { overcount: 40 } }, { outcome: 'partial', staged: all }],
  ['pages that repeat without end', { quirks: { repeatAfter: 2 } }, { outcome: 'partial', staged: 50 }],
]

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}

t.test('whatever the portal does, the session says what it came to', async (t) => {
  const db = await database(t)
  for (const [index, [name, world, expected]] of cases.entries()) {
    const portal = await startPortal({ seed: `faults-${index}`, market, ...world })
    const code = `case-${index}`
    const config = portalSettings({ backoff_seconds: 0.05, circuit_seconds: 0.2 })
    await addLocalSource(db, { code, kind: 'portal', url: portal.url, config })
    const [session] = await db.query<{ id: string }>('select id from app_private.begin_scrape($1, $2)', [
      code,
      JSON.stringify({ insee_code: cities[0]?.inseeCode }),
    ])
    const sessionId = session?.id ?? ''
    const report = await scrapeSession({
      url: db.url,
      sessionId,
      log: pino({ level: 'silent' }),
      signal: new AbortController().signal,
    })
    const rows = await db.query<{ source_key: string }>(
      'select s.source_key from app_public.property_scrapes_staging as s where s.session_id = $1',
      [sessionId],
    )
    await portal.close()
    await t.test(name, async (t) => {
      t.equal(report.outcome, expected.outcome)
      const [least, most] =
        typeof expected.staged === 'number' ? [expected.staged, expected.staged] : expected.staged
      t.ok(rows.length >= least && rows.length <= most, `${rows.length} staged`)
      t.equal(new Set(rows.map(({ source_key }) => source_key)).size, rows.length, 'nothing twice')
      const reasons = report.errors.map(({ reason }) => reason)
      for (const reason of expected.reasons ?? [])
        t.ok(reasons.includes(reason), `${reason} is among ${reasons}`)
      if (report.outcome !== expected.outcome) t.comment(JSON.stringify(report.errors))
      const forbidden = portal.requests().filter(({ path }) => path.startsWith('/prive/'))
      t.same(forbidden, [])
      if (expected.outcome !== 'blocked') return
      const [held] = await db.query<{ status: string; held_reasons: { reason: string }[] }>(
        'select s.status, s.held_reasons from app_public.scrape_sessions as s where s.id = $1',
        [sessionId],
      )
      t.match(held, { status: 'held', held_reasons: [{ reason: 'blocked' }] })
    })
  }
})
