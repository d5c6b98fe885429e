import t from 'tap'
import { database } from '../lib/database.ts'
import { asRole } from '../lib/role.ts'

t.test('every entry of the official list is there, kinds counted apart', async (t) => {
  const db = await database(t)
  t.strictSame(
    await db.query(
      'select kind::text, count(*)::integer from app_public.cities as c group by c.kind order by c.kind',
    ),
    [
      { kind: 'commune', count: 34875 },
      { kind: 'arrondissement', count: 45 },
      { kind: 'overseas_collectivity_commune', count: 94 },
    ],
  )
  t.strictSame(
    await db.query(
      `select count(*) filter (where zone <> 'overseas_collectivity')::integer as proper, count(*)::integer
       from app_public.departments`,
    ),
    [{ proper: 101, count: 109 }],
  )
  t.strictSame(
    await db.query(`select parent_insee_code, count(*)::integer from app_public.cities
                    where kind = 'arrondissement' group by 1 order by 1`),
    [
      { parent_insee_code: '13055', count: 16 },
      { parent_insee_code: '69123', count: 9 },
      { parent_insee_code: '75056', count: 20 },
    ],
  )
})

t.test(
  'a former code gives the present commune, a present code itself, an unknown code nothing',
  async (t) => {
    const db = await database(t)
    const cases = {
      '69048': '69179', // merged
      '01015': '01015', // a delegated commune bears the code of the present one
      '69383': '69383', // arrondissement
      '49069': '49126', // the seat moved
      '97123': '97701', // Saint-Barthélemy left Guadeloupe
      '55273': '55386', // the list of former codes is stale here
      '2a004': '2A004',
      '1004': '01004',
      '99138': null,
      '': null,
    }
    t.strictSame(
      await db.query(
        `select given, app_public.present_insee_code(given) as present
       from unnest($1::text[]) with ordinality as g (given, n) order by n`,
        [Object.keys(cases)],
      ),
      Object.entries(cases).map(([given, present]) => ({ given, present })),
    )
  },
)

t.test('the file reader learns every code once', async (t) => {
  const db = await database(t)
  const rows = await db.query('select * from app_private.known_communes()')
  t.equal(rows.length, new Set(rows.map((row) => row.insee_code_given)).size)
  t.ok(rows.length > 38_000)
  const byCode = new Map(rows.map((row) => [row.insee_code_given, row]))
  t.match(byCode.get('75108'), {
    insee_code_present: '75108',
    department_code: '75',
    parent_insee_code: '75056',
  })
  t.match(byCode.get('69048'), {
    insee_code_present: '69179',
    department_code: '69',
    parent_insee_code: null,
  })
})

t.test('a normal name forgets accents, hyphens, abbreviations and where the article stood', async (t) => {
  const db = await database(t)
  const cases = {
    'ST ETIENNE': 'saint etienne',
    'L’Haÿ-les-Roses': 'l hay les roses',
    'HAYE (LA)': 'la haye',
    '(Le) Havre': 'le havre',
    'HAVRE, LE': 'le havre',
    'Châlons s/ Saône': 'chalons sur saone',
    'LA FERTE S/S JOUARRE': 'la ferte sous jouarre',
    'N.D. de Bondeville': 'notre dame de bondeville',
    'STE ST STS': 'sainte saint saints',
    Œuilly: 'oeuilly',
    'Lambres-lez-Aire': 'lambres les aire',
    ' -- ': '',
  }
  t.strictSame(
    await db.query(
      `select name, app_base.normal_city_name(name) as normal
       from unnest($1::text[]) with ordinality as g (name, n) order by n`,
      [Object.keys(cases)],
    ),
    Object.entries(cases).map(([name, normal]) => ({ name, normal })),
  )
})

t.test('both application roles read the reference and resolve names; neither writes', async (t) => {
  const db = await database(t)
  for (const role of ['app_visitor', 'app_analyst']) {
    await asRole(db, role, {}, async (client) => {
      const { rows } = await client.query(
        `select r.insee_code, app_public.present_insee_code('69048') as present,
           (select count(*)::integer from app_public.regions) as regions
         from resolve_city('ST ETIENNE', '42000') as r`,
      )
      t.strictSame(rows, [{ insee_code: '42218', present: '69179', regions: 26 }], role)
      await t.rejects(client.query('delete from app_public.cities'), { code: '42501' })
    })
  }
})
