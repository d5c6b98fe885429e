import fc from 'fast-check'
import t from 'tap'
import { database } from '../lib/database.ts'
import { long } from '../lib/long.ts'
import { home, liveDigest, makeSource, report, type StagedRow } from '../lib/sessions.ts'

// A few lines say what a sync should do to a source; sequences of sessions, drawn at random, must agree with them.

type Shown = { n: number; price: number }
type Night = { shown: Shown[]; isComplete: boolean; city: string | null }
type Known = { price: number; city: string; status: string; missed: number }

const cityOf = (n: number): string => home(n).insee_code as string
const rowOf = ({ n, price }: Shown): StagedRow => home(n, { price: String(150_000 + price * 1_000) })

const night: fc.Arbitrary<Night> = fc.record({
  shown: fc.array(fc.record({ n: fc.integer({ min: 1, max: 30 }), price: fc.integer({ min: 0, max: 3 }) }), {
    maxLength: 40,
  }),
  isComplete: fc.boolean(),
  city: fc.option(fc.constantFrom('44109', '35238', '49007'), { nil: null }),
})

/** What a night does to what is known: the last row of a key counts, absence only inside a complete scope. */
function expect(known: Map<number, Known>, { shown, isComplete, city }: Night): Map<number, Known> {
  const next = new Map([...known].map(([n, one]) => [n, { ...one }]))
  for (const { n, price } of shown) {
    next.set(n, { price: 150_000 + price * 1_000, city: cityOf(n), status: 'active', missed: 0 })
  }
  if (!isComplete) return next
  const seen = new Set(shown.map(({ n }) => n))
  for (const [n, one] of next) {
    if (seen.has(n) || one.status === 'removed' || (city !== null && one.city !== city)) continue
    one.missed++
    one.status = one.missed >= 3 ? 'removed' : 'likely_removed'
  }
  return next
}

t.test('sequences of sessions do what a few lines say', async (t) => {
  await t.resolves(
    fc.assert(
      fc.asyncProperty(
        fc.array(night, { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        async (nights, isShuffled) => {
          const db = await database(t)
          const open = { removal_grace: '0 seconds', judged_from: 1_000_000 }
          const source = await makeSource(db, 'portal', open)
          const bystander = await makeSource(db, 'bystander', open)
          await report(db, bystander, [home(1), home(2), home(3)])
          const untouched = await liveDigest(db, [bystander])
          let known = new Map<number, Known>()
          for (const drawn of nights) {
            // A crawl of one city shows homes of that city, and never nothing at all.
            const shown = drawn.shown.filter(({ n }) => drawn.city === null || cityOf(n) === drawn.city)
            if (shown.length === 0) continue
            const done = { ...drawn, shown }
            // Within a key order counts; otherwise it does not.
            const rows = isShuffled ? shown.toSorted((a, b) => a.n - b.n) : shown
            const options = {
              isComplete: done.isComplete,
              ...(done.city === null ? {} : { cities: [done.city] }),
            }
            const first = await report(db, source, rows.map(rowOf), options)
            if (first.status !== 'completed') throw new Error(JSON.stringify(first.held_reasons))
            known = expect(known, done)
            const before = await liveDigest(db)
            await report(db, source, rows.map(rowOf), { ...options, isComplete: false })
            if ((await liveDigest(db)) !== before) throw new Error('the same again changed a live row')
          }
          const live = await db.query(
            `select source_key, price_eur::float8 as price, insee_code as city, status, missed_count as missed
         from app_public.properties_live as l
         join app_public.sources as s on s.id = l.source_id
         where s.code = 'portal' order by source_key collate "C"`,
          )
          const expected = [...known]
            .map(([n, one]) => ({ source_key: `home-${n}`, ...one }))
            .sort((a, b) => (a.source_key < b.source_key ? -1 : 1))
          if (
            JSON.stringify(live) !==
            JSON.stringify(
              expected.map(({ source_key, price, city, status, missed }) => ({
                source_key,
                price,
                city,
                status,
                missed,
              })),
            )
          ) {
            throw new Error(`live ${JSON.stringify(live)}\nexpected ${JSON.stringify(expected)}`)
          }
          if ((await liveDigest(db, [bystander])) !== untouched) throw new Error('another source was touched')
        },
      ),
      { numRuns: long ? 60 : 8, seed: 20261121 },
    ),
  )
})
