import t from 'tap'
import { decide, type Placed } from './lib/decide.ts'

// The judge judged: each rule by lines written by hand, so that a wrong truth and a wrong judge cannot agree unseen.

let next = 0
const line = (more: Partial<Placed>): Placed => ({
  line: ++next,
  date: '2021-03-04',
  number: 1,
  nature: 'Vente',
  price: 250_000,
  department: '35',
  commune: '35238',
  parcel: '35238000AB0001',
  lots: '',
  type: '1',
  builtM2: '90',
  rooms: '4',
  streetNumber: '1',
  land: 'S//300',
  service: '',
  reference: '',
  fields: 40,
  ...more,
})

/** The verdicts on some lines as texts: line positions, with the reason when nobody can decide. */
function verdicts(lines: Placed[]): string[] {
  const first = lines[0]?.line ?? 0
  return decide(lines)
    .map((v) => `${v.lines.map((n) => n - first).sort()}${v.undecidable ?? ''}${v.partial ? ' partial' : ''}`)
    .sort()
}

const other = { parcel: '35238000AB0002' }
const apart = { parcel: '35238000CD0001' }
const bare = { type: '', builtM2: '', rooms: '' }

t.test('lines of one price in one section are one deed unless two parcels carry homes', async (t) => {
  t.same(verdicts([line({}), line({ ...other, ...bare })]), ['0,1'])
  t.same(verdicts([line({}), line({ ...other, type: '3' })]), ['0,1'])
  t.same(verdicts([line({}), line({})]), ['0,1'])
  t.same(verdicts([line({}), line(other)]), ['0,1U1'])
  t.same(verdicts([line({ price: 250_001 }), line({ ...other, price: 250_001 })]), ['0,1'])
})

t.test('a telling price joins sections and communes of a département, not départements', async (t) => {
  const price = 251_334
  t.same(verdicts([line({ price }), line({ ...apart, ...bare, price })]), ['0,1'])
  t.same(verdicts([line({ price }), line({ price, department: '22' })]), ['0', '1'])
})

t.test('a round price in several sections is several deeds when each has a home', async (t) => {
  t.same(verdicts([line({}), line(apart)]), ['0', '1'])
  t.same(verdicts([line({}), line({ ...apart, ...bare })]), ['0,1U2'])
})

t.test('without a price only one parcel with one set of lots holds together', async (t) => {
  const price = null
  t.same(verdicts([line({ price, lots: '3' }), line({ price, lots: '3' })]), ['0,1'])
  t.same(verdicts([line({ price, lots: '3' }), line({ price, lots: '4' })]), ['0,1U3'])
  t.same(verdicts([line({ price }), line({ price, ...other })]), ['0,1U3'])
  t.same(verdicts([line({ price }), line({ price, ...apart })]), ['0', '1'])
})

t.test('dispositions of one deed are joined by parcel or section, through others too', async (t) => {
  t.same(verdicts([line({}), line({ ...other, number: 2, price: 9_000 })]), ['0,1'])
  const bridge = { number: 2, price: 9_001 }
  t.same(verdicts([line({}), line(bridge), line({ ...apart, ...bridge })]), ['0,1,2'])
  t.same(verdicts([line({}), line({ ...apart, number: 2, price: 9_000 })]), ['0', '1 partial'])
  t.same(verdicts([line({}), line({ price: 9_000 })]), ['0', '1'])
})

t.test('a second disposition beside two first ones is nobody knows whose', async (t) => {
  t.same(verdicts([line({}), line({ ...other, price: 9_000 }), line({ number: 2, price: 5_000 })]), [
    '0,1,2U4',
  ])
})
