import t from 'tap'
import { database, type TestDatabase } from '../lib/database.ts'

type Place = {
  insee_code: string | null
  city_name: string | null
  department_code: string | null
  city_confidence: number | null
  is_code_known: boolean
}

async function resolve(
  db: TestDatabase,
  asked: [city: string | null, postalCode: string | null, code?: string | null][],
) {
  const rows = await db.query<
    Place & { city_said: string | null; postal_code_said: string | null; code_said: string | null }
  >(
    'select r.*, r.city_confidence::float8 as city_confidence from app_private.resolve_places($1, $2, $3) as r',
    [asked.map((a) => a[0]), asked.map((a) => a[1]), asked.map((a) => a[2] ?? null)],
  )
  return asked.map(([city, postalCode, code]) =>
    rows.find(
      (r) => r.city_said === city && r.postal_code_said === postalCode && r.code_said === (code ?? null),
    ),
  )
}

t.test('a place is known by its INSEE code, else by name and postal code', async (t) => {
  const db = await database(t)
  const answers = await resolve(db, [
    ['ST ETIENNE', '42000'],
    ['Lyon 3e', '69003'],
    ['Paris', '75002'],
    ['Rennes', '35000', '35238'],
    ['Hazebrouck', '59190', '69048'],
    ['Nantes', '44000', '99999'],
    ['Xyzville', '35000'],
    ['Rennes', '75002'],
    [null, '06160'],
    [null, null],
    ['Saint-Denis', null],
  ])
  t.strictSame(
    answers.map((a) => [a?.insee_code, a?.city_name, a?.is_code_known]),
    [
      ['42218', 'Saint-Étienne', true],
      ['69383', 'Lyon 3e Arrondissement', true],
      ['75102', 'Paris 2e Arrondissement', true],
      ['35238', 'Rennes', true],
      // A former code, of a commune that has merged: the code decides, also over the name.
      ['69179', 'Beauvallon', true],
      ['44109', 'Nantes', false],
      [null, 'Xyzville', true],
      [null, 'Rennes', true],
      ['06004', 'Antibes', true],
      [null, null, true],
      [null, 'Saint-Denis', true],
    ],
  )
  t.ok((answers[6]?.city_confidence ?? 1) < 0.75)
  t.equal(answers[9]?.city_confidence, null)
})

t.test('what is found in the indexes is what the evidence gives', async (t) => {
  const db = await database(t)
  const differing = await db.query(`
    with asked as (
      select * from (
        select c.name as city, p.postal_code from app_public.cities as c join app_public.city_postal_codes as p using (insee_code)
        where hashtext(c.insee_code || p.postal_code) % 12 = 0
        union
        select upper(replace(c.name, '-', ' ')), p.postal_code
        from app_public.cities as c join app_public.city_postal_codes as p using (insee_code)
        where hashtext(c.insee_code || p.postal_code) % 25 = 1
        union
        select f.name, p.postal_code from app_public.former_cities as f join app_public.city_postal_codes as p using (insee_code)
        where f.name is not null and hashtext(f.former_insee_code) % 5 = 0
        union
        -- Names that several communes under one postal code could mean.
        select c.name, p.postal_code
        from app_public.cities as c
        join app_public.city_postal_codes as p using (insee_code)
        join app_public.city_postal_codes as q on q.postal_code = p.postal_code and q.insee_code <> p.insee_code
        join app_public.cities as d on d.insee_code = q.insee_code and d.name_key = c.name_key
      ) as a
    ),
    arrays as (
      select array_agg(a.city order by a.city, a.postal_code) as cities,
        array_agg(a.postal_code order by a.city, a.postal_code) as codes
      from asked as a
    ),
    evidence as (
      select a.cities[r.ordinality] as city, a.codes[r.ordinality] as postal_code,
        case when r.confidence >= 0.75 then r.insee_code end as insee_code, r.confidence
      from arrays as a
      cross join lateral app_public.resolve_cities(a.cities, a.codes) with ordinality as r
    )
    select e.city, e.postal_code, e.insee_code, e.confidence, p.insee_code as ours, p.city_confidence
    from arrays as a
    cross join lateral app_private.resolve_places(a.cities, a.codes, array_fill(null::text, array[cardinality(a.cities)])) as p
    join evidence as e on e.city = p.city_said and e.postal_code = p.postal_code_said
    where (e.insee_code, e.confidence) is distinct from (p.insee_code, p.city_confidence)`)
  t.strictSame(differing, [])
})
