import t from 'tap'
import { between, randomFrom } from '../../seeds/world/random.ts'
import { explorerSettings, startExplorer } from '../../seeds/world/sites/explorer.ts'
import { startGeo } from '../../seeds/world/sites/geo.ts'
import { startPortal } from '../../seeds/world/sites/portal.ts'
import type { Site } from '../../seeds/world/sites/server.ts'
import { portalSettings } from '../../seeds/world/sites/settings.ts'
import { long } from '../lib/long.ts'
import { browsersOf, kill, withKillHouse } from './kill-lib.ts'
import { type Asking, addLocalSource, sessionEnd, startScrape, until } from './sites-lib.ts'

// The worker that scrapes, its browser and PostgreSQL are killed at random moments of a scrape, which must go on within
// half a minute and end where an undisturbed one ends. Waiting until a dead worker is given up takes most of the time.

const kills = long ? 10 : 1
const random = randomFrom('scrape-kill')

/** What a scrape left behind: everything but ids and instants. */
async function remains(db: Asking, code: string, session: string): Promise<Record<string, unknown>> {
  const one = async (text: string): Promise<unknown> => (await db.query(text, [session]))[0]
  return {
    staged: await one(
      `select count(*)::int as rows, count(distinct s.source_key)::int as homes,
         md5(string_agg((to_jsonb(s) - '{id,bucket,session_id,scraped_at}'::text[])::text, ' ' order by s.source_key)) as digest
       from app_public.property_scrapes_staging as s where s.session_id = $1`,
    ),
    items: await db.query(
      `select i.kind, i.status, i.coverage, count(*)::int as count from app_public.scrape_items as i
       where i.session_id = $1 group by 1, 2, 3 order by 1, 2, 3`,
      [session],
    ),
    session: await one(
      `select s.status, s.is_complete, s.staged_count, s.errors from app_public.scrape_sessions as s where s.id = $1`,
    ),
    live: await db.query(
      `select l.source_key, l.status, l.address, l.insee_code, l.property_type, l.price_eur, l.surface_m2, l.room_count
       from app_public.properties_live as l join app_public.sources as s on s.id = l.source_id
       where s.code = $1 order by l.source_key`,
      [code],
    ),
  }
}

t.test(
  'a scrape killed at any moment goes on and ends as if nothing had been',
  { timeout: 3_600_000 },
  async (t) => {
    const portal = await startPortal({ seed: 'kill', homes: 200 })
    const geo = await startGeo({ seed: 'kill' })
    const explorer = await startExplorer({ seed: 'kill', cities: ['35238'], salesPerCity: 700 })
    t.teardown(() => Promise.all([portal.close(), geo.close(), explorer.close()]))
    const city = portal.truth().cities[0]?.inseeCode
    const plans = {
      portal: {
        site: portal as Site,
        config: portalSettings({ requests_per_second: 60 }),
        parameters: { insee_code: city },
      },
      explorer: {
        site: explorer as Site,
        config: { ...explorerSettings, requests_per_second: 30 },
        parameters: { insee_code: '35238' },
      },
    }

    await withKillHouse(t, { GEO_API_URL: geo.url }, async ({ db, man, killPostgres }) => {
      let trials = 0
      const trial = async (
        kind: keyof typeof plans,
        disturb?: (holder: number) => boolean,
        after = 0,
      ): Promise<{ left: Record<string, unknown>; requests: number; resumed: number | null }> => {
        await man()
        const { site, config: settings, parameters } = plans[kind]
        const code = `${kind}-${++trials}`
        await addLocalSource(db, { code, kind, url: site.url, config: settings })
        site.forgetRequests()
        const session = await startScrape(db, code, parameters)
        let killedAt: number | null = null
        if (disturb !== undefined) {
          await until('requests to disturb', 60, () => (site.requests().length >= after ? true : undefined))
          const [lease] = await db.query<{ holder: string | null }>(
            'select holder from app_private.scrape_leases where session_id = $1',
            [session],
          )
          const holder = Number(lease?.holder?.split(':').at(-1))
          killedAt = Date.now()
          if (!disturb(holder)) killedAt = null
        }
        await sessionEnd(db, session, 120)
        // A job leaves the queue a moment after its work is done, and none may stay.
        await until('an empty queue', 20, async () => {
          const jobs = await db.query(
            `select from graphile_worker.jobs as j where j.task_identifier in ('scrape', 'sync_session')`,
          )
          return jobs.length === 0 ? true : undefined
        })
        const left = await remains(db, code, session)
        // What was on its way when the blow fell may still arrive.
        const next = killedAt && site.requests().find(({ at }) => at > (killedAt ?? 0) + 300)
        return {
          left,
          requests: site.requests().length,
          resumed: next && killedAt ? next.at - killedAt : null,
        }
      }

      const undisturbed = { portal: await trial('portal'), explorer: await trial('explorer') }
      const { homes } = portal.truth()
      const expected = homes.filter(({ inseeCode }) => inseeCode === city).length
      t.match(
        undisturbed.portal.left.staged,
        { rows: expected, homes: expected },
        'undisturbed, all homes are staged',
      )
      t.match(undisturbed.portal.left.session, { status: 'completed', is_complete: true })
      t.match(undisturbed.explorer.left.session, { status: 'completed', is_complete: true })

      const victims = [
        ['the worker', 'portal', (holder: number) => kill(holder)],
        ['PostgreSQL', 'portal', killPostgres],
        ['the browser', 'explorer', (holder: number) => browsersOf(holder).filter(kill).length > 0],
      ] as const
      for (const [victim, kind, strike] of victims) {
        for (let n = 1; n <= kills; n++) {
          const whole = undisturbed[kind]
          const after = between(random, 2, Math.floor(whole.requests * 0.9))
          const { left, resumed } = await trial(kind, strike, after)
          t.same(left, whole.left, `kill ${n} of ${victim} after ${after} of ${whole.requests} requests`)
          t.ok(resumed !== null && resumed < 30_000, `it went on after ${resumed} ms`)
        }
      }
    })
  },
)
