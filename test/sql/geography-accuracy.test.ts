import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import t, { type Test } from 'tap'
import { z } from 'zod'
import { database, type TestDatabase } from '../lib/database.ts'
import { long } from '../lib/long.ts'

// Measured on published files, which are not part of this repository: where they are missing, nothing is measured.
const data = new URL('../../../shared/data/', import.meta.url)
const options = existsSync(data) ? {} : { skip: 'the published files are not here' }

async function read<T extends z.ZodRawShape>(
  file: string,
  shape: T,
  delimiter = ',',
  encoding: 'utf8' | 'latin1' = 'utf8',
): Promise<z.infer<z.ZodObject<T>>[]> {
  const rows: unknown = parse(await readFile(new URL(file, data), encoding), {
    columns: true,
    delimiter,
    bom: true,
  })
  return z.array(z.object(shape)).parse(rows)
}

type Case = { name: string; postalCode: string | null; truth: string }
type Answer = { insee_code: string | null; truth: string | null; confidence: number; reason: string }

async function ask(db: TestDatabase, cases: Case[]): Promise<Answer[]> {
  return db.query<Answer>(
    `select r.insee_code, app_public.present_insee_code(c.truth) as truth, r.confidence::float8 as confidence, r.reason
     from app_public.resolve_cities($1, $2) with ordinality as r
     join unnest($3::text[]) with ordinality as c (truth, n) on c.n = r.ordinality
     order by c.n`,
    [cases.map((c) => c.name), cases.map((c) => c.postalCode), cases.map((c) => c.truth)],
  )
}

function measure(t: Test, what: string, cases: Case[], answers: Answer[]) {
  const right = answers.filter((a) => a.insee_code === a.truth).length
  const none = answers.filter((a) => a.insee_code === null && a.truth !== null).length
  const share = right / answers.length
  const wrong = answers.length - right - none
  t.comment(
    `${what}: ${(100 * share).toFixed(3)} % of ${answers.length} right, ${none} unanswered, ${wrong} wrong`,
  )
  const misses = answers.flatMap((a, i) => (a.insee_code === a.truth ? [] : [{ ...cases[i], ...a }]))
  for (const miss of misses.slice(0, 5)) {
    t.comment(`${miss.name} ${miss.postalCode} is ${miss.truth}, not ${miss.insee_code}: ${miss.reason}`)
  }
  return { share, wrong: wrong / answers.length }
}

async function laPoste(): Promise<Case[]> {
  const rows = await read(
    'insee/laposte_datanova_20250619.csv',
    { code_commune_insee: z.string(), nom_de_la_commune: z.string(), code_postal: z.string() },
    ',',
    'latin1',
  )
  const cases = rows.map((r) => ({
    name: r.nom_de_la_commune,
    postalCode: r.code_postal,
    truth: r.code_commune_insee,
  }))
  return [...new Map(cases.map((c) => [`${c.name} ${c.postalCode} ${c.truth}`, c])).values()]
}

/** One slip of the finger: a letter lost, added, changed or swapped; the same for the same name. */
function misspell(name: string): string {
  let seed = 7
  for (const letter of name) seed = (seed * 31 + letter.charCodeAt(0)) % 2147483647
  const i = 1 + (seed % (name.length - 2))
  const letter = String.fromCharCode(65 + (Math.floor(seed / 97) % 26))
  switch (Math.floor(seed / 7) % 4) {
    case 0:
      return name.slice(0, i) + name.slice(i + 1)
    case 1:
      return name.slice(0, i) + letter + name.slice(i)
    case 2:
      return name.slice(0, i) + letter + name.slice(i + 1)
    default:
      return name.slice(0, i) + name.charAt(i + 1) + name.charAt(i) + name.slice(i + 2)
  }
}

t.test(
  'La Poste: 99.9 % of its names and codes give its commune, and hardly one another',
  options,
  async (t) => {
    const cases = (await laPoste()).filter((_, i) => long || i % 4 === 0)
    const { share, wrong } = measure(t, 'La Poste', cases, await ask(await database(t), cases))
    t.ok(cases.length > (long ? 35_000 : 8_000))
    t.ok(share >= 0.999)
    t.ok(wrong < 0.0002)
  },
)

t.test(
  'confidence is honest: misspelt, what is at least 0.9 sure is right 999 times in 1000',
  options,
  async (t) => {
    const db = await database(t)
    const cases = (await laPoste())
      .filter((c, i) => c.name.length > 3 && (long || i % 20 === 0))
      .map((c) => ({ ...c, name: misspell(c.name) }))
    const answers = await ask(db, cases)
    const { share, wrong } = measure(t, 'misspelt', cases, answers)
    t.ok(share >= 0.98)
    t.ok(wrong < 0.003)
    const sure = answers.filter((a) => a.confidence >= 0.9)
    const sureAndRight = sure.filter((a) => a.insee_code === a.truth).length
    t.comment(`at least 0.9 sure: ${sureAndRight} of ${sure.length} right`)
    t.ok(sureAndRight / sure.length >= 0.999)
    for (const floor of [0.6, 0.7, 0.8]) {
      const band = answers.filter((a) => a.confidence >= floor && a.confidence < floor + 0.1)
      const right = band.filter((a) => a.insee_code === a.truth).length
      t.ok(band.length < 20 || right / band.length >= floor, `${floor}: ${right} of ${band.length}`)
    }
  },
)

t.test('CEDEX codes and the codes of the next commune leave the name to decide', options, async (t) => {
  const db = await database(t)
  const cases = (await laPoste()).filter((_, i) => long || i % 20 === 0)
  const cedex = cases
    .filter((c) => !/^9[789]/.test(c.truth))
    .map((c) => ({
      ...c,
      name: `${c.name} CEDEX`,
      postalCode: `${c.truth.slice(0, 2).replace(/2[AB]/, '20')}999`,
    }))
  t.ok(measure(t, 'CEDEX', cedex, await ask(db, cedex)).share >= 0.995)
  const shifted = cases.map((c, i) => ({
    ...c,
    postalCode: cases[(i + 1) % cases.length]?.postalCode ?? null,
  }))
  const result = measure(t, "a neighbour's code", shifted, await ask(db, shifted))
  t.ok(result.share >= 0.98)
  t.ok(result.wrong < 0.001)
})

t.test('the addresses of the BAN: city and postal code give its INSEE code', options, async (t) => {
  const db = await database(t)
  const cases: Case[] = []
  const shape = { code_postal: z.string(), code_insee: z.string(), nom_commune: z.string() }
  for (const r of await read('geocoding/ban_adresses_73-74_10k_sample.csv', shape, ';')) {
    cases.push({ name: r.nom_commune, postalCode: r.code_postal, truth: r.code_insee })
  }
  for (const r of await read('geocoding/ban-results_377.csv', {
    city: z.string(),
    postcode: z.string(),
    citycode: z.string(),
  })) {
    if (r.city !== '') cases.push({ name: r.city, postalCode: r.postcode, truth: r.citycode })
  }
  const distinct = [...new Map(cases.map((c) => [`${c.name} ${c.postalCode} ${c.truth}`, c])).values()]
  t.ok(distinct.length > 100)
  t.ok(measure(t, 'BAN', distinct, await ask(db, distinct)).share >= 0.99)
})

t.test(
  'the communes of the official geographic code are ours, the former ones lead to them',
  options,
  async (t) => {
    const db = await database(t)
    const cog = await read('insee/cog2026_v_commune_2026.csv', {
      TYPECOM: z.string(),
      COM: z.string(),
      DEP: z.string(),
      LIBELLE: z.string(),
      COMPARENT: z.string(),
    })
    const present = cog.filter((c) => c.TYPECOM === 'COM' || c.TYPECOM === 'ARM')
    const ours = await db.query<{ code: string; name: string; department: string; parent: string | null }>(
      `select insee_code as code, name, department_code as department, parent_insee_code as parent
     from app_public.cities where kind <> 'overseas_collectivity_commune'`,
    )
    const key = (code: string, name: string) => `${code} ${name}`
    t.strictSame(
      ours.map((c) => key(c.code, c.name)).sort(),
      present.map((c) => key(c.COM, c.LIBELLE)).sort(),
    )
    const parts = cog.filter((c) => c.TYPECOM === 'COMD' || c.TYPECOM === 'COMA')
    const moved = await db.query<{ code: string; present: string | null }>(
      `select code, app_public.present_insee_code(code) as present from unnest($1::text[]) as g (code)`,
      [parts.map((c) => c.COM)],
    )
    t.strictSame(
      moved.map((m) => `${m.code} ${m.present}`).sort(),
      parts.map((c) => `${c.COM} ${c.COMPARENT}`).sort(),
    )
  },
)

t.test('the movements of the official geographic code end where ours do', options, async (t) => {
  const db = await database(t)
  const movements = await read('insee/cog2026_v_mvt_commune_2026.csv', {
    MOD: z.string(),
    DATE_EFF: z.string(),
    TYPECOM_AV: z.string(),
    COM_AV: z.string(),
    TYPECOM_AP: z.string(),
    COM_AP: z.string(),
  })
  // Follow each code that has ceased (merger, change of code or of department) from the last time it did.
  const ceases = movements
    .filter((m) => m.TYPECOM_AV === 'COM' && m.TYPECOM_AP === 'COM' && m.COM_AV !== m.COM_AP)
    .filter((m) => ['31', '32', '33', '41', '50'].includes(m.MOD))
    .sort((a, b) => a.DATE_EFF.localeCompare(b.DATE_EFF))
  const codes = [...new Set(ceases.map((m) => m.COM_AV))]
  const known = await db.query<{ code: string; present: string | null; is_present: boolean }>(
    `select code, app_public.present_insee_code(code) as present,
       exists (select from app_public.cities as c where c.insee_code = code) as is_present
     from unnest($1::text[]) as g (code)`,
    [codes],
  )
  const ends = new Map(known.map((k) => [k.code, k]))
  t.strictSame(
    known.filter((k) => k.present === null).map((k) => k.code),
    [],
    'no code of a movement is unknown',
  )
  const follow = (code: string, since: string): string => {
    const next = ends.get(code)?.is_present
      ? undefined
      : ceases.findLast((m) => m.COM_AV === code && m.DATE_EFF >= since)
    return next === undefined ? code : follow(next.COM_AP, next.DATE_EFF)
  }
  const differing: string[] = []
  for (const code of codes) {
    // A code that lives again (restored, or given back) is itself.
    if (ends.get(code)?.is_present) continue
    const end = follow(code, '')
    if (ends.get(code)?.present !== end) differing.push(`${code}: ${end}, ours ${ends.get(code)?.present}`)
  }
  t.comment(`${codes.length} ceased codes followed`)
  // Two parts changed hands after their merger, one of them when the merger was undone and its code given back: there
  // INSEE's list of communes tells where they are, and ours follows it.
  t.strictSame(differing.sort(), ['55273: 55245, ours 55386', '60455: 60054, ours 60694'])
})

t.test('the address cases of the geocoder tests: a postal code and a town agree', options, async (t) => {
  const db = await database(t)
  const shape = { query: z.string(), expected_city: z.string(), expected_postcode: z.string() }
  const rows = (
    await Promise.all(
      ['alsace', 'bretagne', 'corse'].map((region) =>
        read(`geocoding/address-cases/${region}/test_addresses.csv`, shape),
      ),
    )
  ).flat()
  // Each address comes twice: once with the town in the query and the code expected, once the other way.
  const pairs = rows.flatMap((row) => {
    const postalCode = /\b(\d{5})\s*$/.exec(row.query)?.[1]
    return postalCode && row.expected_city !== '' ? [{ name: row.expected_city, postalCode }] : []
  })
  t.ok(pairs.length > 200)
  const answers = await ask(
    db,
    pairs.map((p) => ({ ...p, truth: '' })),
  )
  const unsure = answers.flatMap((a, i) => (a.insee_code === null ? [{ ...pairs[i], reason: a.reason }] : []))
  t.comment(`${pairs.length - unsure.length} of ${pairs.length} resolved`)
  for (const miss of unsure.slice(0, 5)) t.comment(`${miss.name} ${miss.postalCode}: ${miss.reason}`)
  t.ok(unsure.length / pairs.length < 0.01)
})
