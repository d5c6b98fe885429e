import t from 'tap'
import { z } from 'zod'
import { readPlaces } from '../../seeds/world/places.ts'
import { communeOutline, type Position } from '../../seeds/world/sites/contours.ts'
import { startGeo } from '../../seeds/world/sites/geo.ts'

t.setTimeout(60_000)

const ringSchema = z.array(z.tuple([z.number(), z.number()]))
const communeSchema = z.object({
  nom: z.string(),
  code: z.string(),
  codesPostaux: z.array(z.string()),
  departement: z.object({ code: z.string(), nom: z.string() }),
  region: z.object({ code: z.string(), nom: z.string() }),
  population: z.number(),
  centre: z.object({ type: z.literal('Point'), coordinates: z.tuple([z.number(), z.number()]) }),
  bbox: z.object({ type: z.literal('Polygon'), coordinates: z.array(ringSchema) }),
  contour: z.object({ type: z.enum(['Polygon', 'MultiPolygon']), coordinates: z.array(z.unknown()) }),
})

function isInside([x, y]: Position, ring: readonly Position[]): boolean {
  let inside = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [ax, ay] = ring[i] as Position
    const [bx, by] = ring[j] as Position
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
  }
  return inside
}

t.test('the service answers in the protocol of geo.api.gouv.fr', async (t) => {
  const site = await startGeo({ seed: 'geo' })
  t.teardown(() => site.close())
  const ask = async (path: string): Promise<unknown> => (await fetch(site.url + path)).json()
  const fields = 'nom,code,centre,bbox,contour,codesPostaux,departement,region,population'
  const nantes = communeSchema.parse(await ask(`/communes/44109?fields=${fields}`))
  t.match(nantes, {
    nom: 'Nantes',
    code: '44109',
    codesPostaux: ['44000', '44100', '44200', '44300'],
    departement: { code: '44', nom: 'Loire-Atlantique' },
    region: { code: '52', nom: 'Pays de la Loire' },
  })
  t.same(Object.keys((await ask('/communes/44109?fields=population')) as object).sort(), [
    'code',
    'nom',
    'population',
  ])
  t.match(await ask('/communes?codePostal=44300&fields=nom'), [{ nom: 'Nantes', code: '44109' }])
  t.match(await ask('/communes?nom=nantes&limit=1'), [{ code: '44109' }])
  t.match(await ask('/communes/44109?format=geojson&geometry=contour'), {
    type: 'Feature',
    geometry: { type: /Polygon/ },
  })
  t.match(await ask('/departements/44'), { nom: 'Loire-Atlantique', codeRegion: '52' })
  t.match(await ask('/regions/52'), { nom: 'Pays de la Loire' })
  const missing = await fetch(`${site.url}/communes/99999`)
  t.equal(missing.status, 404)
  t.equal(await missing.text(), 'Not Found')
  const capital = communeSchema.parse(await ask(`/communes/75056?fields=${fields}`))
  t.equal(capital.nom, 'Paris', 'cities as a whole lie somewhere too')
})

t.test('beyond fifty requests a second it asks to come back', async (t) => {
  const site = await startGeo({ seed: 'geo' })
  t.teardown(() => site.close())
  const answers = await Promise.all(
    Array.from({ length: 60 }, () => fetch(`${site.url}/communes/44109?fields=nom`)),
  )
  const refused = answers.filter(({ status }) => status === 429)
  t.ok(refused.length >= 1 && refused.length <= 10, `${refused.length} refused`)
  t.equal(refused[0]?.headers.get('retry-after'), '1')
})

t.test('an outline goes around its centre, is closed, and lies in its box', async (t) => {
  const places = readPlaces().filter((_, index) => index % 97 === 0)
  let islands = 0
  for (const place of places) {
    const { centre, contour, bbox } = communeOutline(place)
    const rings = contour.type === 'Polygon' ? contour.coordinates : contour.coordinates.flat()
    if (rings.length > 1) islands++
    const sound = rings.every((ring) => {
      const isClosed = ring[0]?.[0] === ring.at(-1)?.[0] && ring[0]?.[1] === ring.at(-1)?.[1]
      const isBoxed = ring.every(([x, y]) => x >= bbox[0] && y >= bbox[1] && x <= bbox[2] && y <= bbox[3])
      return isClosed && isBoxed
    })
    if (!sound || !isInside(centre, rings[0] ?? [])) t.fail(`${place.code} is not sound`)
  }
  t.ok(
    islands > places.length / 40 && islands < places.length / 8,
    `${islands} of ${places.length} have an island`,
  )
})
