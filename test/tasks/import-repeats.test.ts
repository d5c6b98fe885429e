import { writeFileSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { database } from '../lib/database.ts'
import { readChanges } from '../lib/truth-ledger.ts'
import { geoFile, geoLine } from './dvf-forms.ts'
import { importInto, temporaryFolder } from './import-lib.ts'

const land = { code_nature_culture: 'S', nature_culture: 'sols', surface_terrain: '500' }

/** Two identical houses beside two land uses, sold twenty times; the gardens are as large as told. */
function release(gardenM2: (sale: number) => number): string {
  const lines: string[] = []
  for (let sale = 0; sale < 20; sale++) {
    const house = {
      ...{
        id_parcelle: `69389000BV${String(sale).padStart(4, '0')}`,
        valeur_fonciere: String(200_001 + sale),
      },
      ...{ code_type_local: '1', type_local: 'Maison', surface_reelle_bati: '90', nombre_lots: '0' },
      ...{ lot1_numero: '', lot1_surface_carrez: '', lot2_numero: '' },
    }
    const garden = {
      code_nature_culture: 'J',
      nature_culture: 'jardins',
      surface_terrain: String(gardenM2(sale)),
    }
    for (let copy = 0; copy < 2; copy++)
      lines.push(geoLine({ ...house, ...land }), geoLine({ ...house, ...garden }))
  }
  return geoFile(...lines)
}

t.test('a correction of lines that stand twice is a correction', async (t) => {
  const db = await database(t)
  const folder = temporaryFolder(t)
  const load = async (code: string, text: string) => {
    const file = path.join(folder, `${code}.csv`)
    writeFileSync(file, text)
    return importInto(db, [file], { code, scope: [{ area: 'commune', code: '69389', years: null }] })
  }
  const first = await load(
    'A',
    release((sale) => 300 + sale),
  )
  t.match(first, { status: 'applied', transactions: 20 })
  const houses = await db.query('select distinct house_count, is_count_certain from app_public.transactions')
  t.same(houses, [{ house_count: 2, is_count_certain: true }], 'two houses beside two land uses')

  const second = await load(
    'B',
    release((sale) => 1300 + sale),
  )
  t.match(second, { status: 'applied', added: 0, corrected: 20, withdrawn: 0 })
  const changes = await readChanges(db.client, 'B')
  t.equal(changes.length, 20)
  t.ok(
    changes.every(
      ({ field, old, new: now }) => field === 'land_surface_m2' && Number(now) - Number(old) === 1000,
    ),
    'each tells the land that was corrected',
  )
})
