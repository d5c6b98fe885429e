import t from 'tap'
import type { CommuneEntry } from '../../seeds/reference/decoupage.ts'
import { readDecoupage } from '../../seeds/reference/decoupage.ts'
import { formerCities, mergeGeography } from '../../seeds/reference/geography.ts'
import { database } from '../lib/database.ts'

t.test('a merge that changes nothing writes nothing', async (t) => {
  const db = await database(t)
  t.equal(await mergeGeography(db.client, await readDecoupage()), 0)
})

t.test('a commune that merges becomes a former code, its name and postal codes follow', async (t) => {
  const db = await database(t)
  const data = await readDecoupage()
  const communes = data.communes.flatMap((commune): CommuneEntry[] => {
    // L'Abergement-de-Varey joins L'Abergement-Clémenciat, as a delegated commune.
    if (commune.code === '01002') {
      return [{ type: 'commune-deleguee', code: '01002', nom: commune.nom, chefLieu: '01001' }]
    }
    if (commune.code === '01001' && commune.type === 'commune-actuelle') {
      return [{ ...commune, anciensCodes: ['01002'], codesPostaux: ['01400', '01640'] }]
    }
    return [commune]
  })
  t.ok((await mergeGeography(db.client, { ...data, communes })) < 10)
  t.strictSame(
    await db.query(`select app_public.present_insee_code('01002') as present,
                      (app_public.resolve_city('Abergement de Varey (L'')', '01640')).insee_code as resolved`),
    [{ present: '01001', resolved: '01001' }],
  )
  t.ok((await mergeGeography(db.client, data)) > 0, 'and back')
  t.strictSame(
    await db.query(`select app_public.present_insee_code('01002') as present,
                      (select count(*)::integer from app_public.cities) as cities`),
    [{ present: '01002', cities: 35014 }],
  )
})

t.test('every former code belongs to a present commune', async (t) => {
  const { communes } = await readDecoupage()
  const present = new Set(communes.filter((c) => c.type === 'commune-actuelle').map((c) => c.code))
  t.strictSame(
    formerCities(communes).filter((former) => !present.has(former.code)),
    [],
  )
})
