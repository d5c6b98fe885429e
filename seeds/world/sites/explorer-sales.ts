import { readPlaces } from '../places.ts'
import { between, hashText, normal, pick, type Random, randomFrom, weighted } from '../random.ts'
import { type Contour, communeOutline, communeRadius } from './contours.ts'

/** A sale as it truly is. */
export interface SimSale {
  id: number
  inseeCode: string
  city: string
  postalCode: string
  address: string
  /** 0 commercial, 1 house, 2 flat, 4 land, 5 other. */
  type: 0 | 1 | 2 | 4 | 5
  priceEur: number
  surfaceM2: number
  /** 0 where there are none. */
  roomCount: number
  /** `2023-05-17`. */
  soldOn: string
  longitude: number
  latitude: number
}

/** What a city's page says; null where it has too few sales. */
export interface SimCity {
  inseeCode: string
  name: string
  flatEuroPerM2: number | null
  houseEuroPerM2: number | null
}

/** What the explorer is to show. */
export interface SalesOptions {
  seed: string | number
  /** INSEE codes of the cities with sales. */
  cities: readonly string[]
  /** Sales in each of them. */
  salesPerCity: number
  /** Hamlets apart from everything else, each with exactly so many sales; in the first city. */
  hamlets?: readonly number[]
  /** So many sales of one point, month, type and price, apart from everything else; in the first city. */
  alike?: number
  /** Share of further sales just outside each city, in a commune next to it. */
  neighbours?: number
  /** Share of a city's sales that lie in towers: dozens to hundreds of sales at one point. */
  towers?: number
}

/** Sales, and what the cities' pages say of them. */
export interface SimSales {
  sales: readonly SimSale[]
  cities: readonly SimCity[]
}

const streets = [
  'des Lilas',
  'de la Gare',
  'du Moulin',
  'Victor Hugo',
  'des Écoles',
  'de Bretagne',
  'du Port',
  'Pasteur',
  'des Acacias',
  'Jean Jaurès',
]
const ways = ['rue', 'avenue', 'chemin', 'place', 'allée']
const types = [2, 1, 4, 0, 5] as const
const typeWeights = [58, 27, 8, 5, 2]
const firstYear = 2019
const years = 6

type Place = ReturnType<typeof readPlaces>[number]

function ringsOf(contour: Contour): (readonly (readonly [number, number])[])[] {
  return contour.type === 'Polygon' ? contour.coordinates : contour.coordinates.flat()
}

/** Whether a point lies in the outline of a place; its parts have no holes. */
export function isInside(contour: Contour, longitude: number, latitude: number): boolean {
  return ringsOf(contour).some((ring) => {
    let isIn = false
    for (let i = 1; i < ring.length; i++) {
      const [ax, ay] = ring[i - 1] as readonly [number, number]
      const [bx, by] = ring[i] as readonly [number, number]
      if (ay > latitude !== by > latitude && longitude < ((bx - ax) * (latitude - ay)) / (by - ay) + ax)
        isIn = !isIn
    }
    return isIn
  })
}

const kilometres = (place: Place) => ({
  east: 1 / (111.2 * Math.cos((place.latitude * Math.PI) / 180)),
  north: 1 / 111.2,
})

function invent(random: Random, id: number, place: Place, at: readonly [number, number]): SimSale {
  const type = types[weighted(random, typeWeights)] as SimSale['type']
  const roomCount = type === 1 ? between(random, 3, 7) : type === 2 ? between(random, 1, 5) : 0
  const surfaceM2 =
    type === 4
      ? between(random, 250, 1800)
      : roomCount === 0
        ? between(random, 12, 400)
        : roomCount * between(random, 17, 26)
  const level = type === 4 ? 160 : type === 5 ? 600 : type === 1 ? 0.85 * place.flatEuro : place.flatEuro
  const price = Math.max(1000, surfaceM2 * level * Math.exp(0.22 * normal(random)))
  const month = between(random, 1, 12)
  return {
    id,
    inseeCode: place.code,
    city: place.name,
    postalCode: place.postalCodes[0] ?? '',
    address: `${between(random, 1, 120)} ${pick(random, ways)} ${pick(random, streets)}`,
    type,
    // A few prices have cents.
    priceEur: random() < 0.02 ? Math.round(price * 100) / 100 : Math.round(price / 100) * 100,
    surfaceM2,
    roomCount,
    soldOn: `${firstYear + between(random, 0, years - 1)}-${String(month).padStart(2, '0')}-${String(between(random, 1, 28)).padStart(2, '0')}`,
    longitude: at[0],
    latitude: at[1],
  }
}

const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6

function averages(sales: readonly SimSale[], type: 1 | 2): number | null {
  const those = sales.filter((sale) => sale.type === type)
  if (those.length < 5) return null
  return Math.round(those.reduce((sum, sale) => sum + sale.priceEur / sale.surfaceM2, 0) / those.length)
}

/** Sales of some cities, always the same for the same options. The commune beside a city is the next one of its département. */
export function inventSales(options: SalesOptions): SimSales {
  const places = readPlaces()
  const sales: SimSale[] = []
  const cities: SimCity[] = []
  const nextId = (): number => 1_000_000 + sales.length
  for (const [index, code] of options.cities.entries()) {
    const place = places.find((one) => one.code === code)
    if (place === undefined) throw new RangeError(`the world has no commune ${code}`)
    const random = randomFrom(`explorer/${options.seed}/${code}`)
    const { contour } = communeOutline(place)
    const reach = communeRadius(place.population)
    const unit = kilometres(place)
    const draw = (isIn: boolean, spread: number): readonly [number, number] => {
      for (;;) {
        const at = [
          round(place.longitude + unit.east * spread * normal(random)),
          round(place.latitude + unit.north * spread * normal(random)),
        ] as const
        if (isInside(contour, at[0], at[1]) === isIn) return at
      }
    }
    // A hamlet lies near the border, away from the middle, in a direction of its own.
    const apart = (n: number, of: number): readonly [number, number] => {
      const turn = (2 * Math.PI * n) / of
      for (let share = 0.74; ; share -= 0.02) {
        const at = [
          round(place.longitude + unit.east * reach * share * Math.cos(turn)),
          round(place.latitude + unit.north * reach * share * Math.sin(turn)),
        ] as const
        if (isInside(contour, at[0], at[1])) return at
      }
    }
    const own: SimSale[] = []
    const add = (sale: SimSale): void => {
      own.push(sale)
      sales.push(sale)
    }
    const hamlets = index === 0 ? (options.hamlets ?? []) : []
    const alike = index === 0 ? (options.alike ?? 0) : 0
    const sides = hamlets.length + 1
    for (const [n, count] of hamlets.entries()) {
      const [x, y] = apart(n, sides)
      for (let i = 0; i < count; i++) {
        const at = [
          round(x + unit.east * 0.02 * (random() - 0.5)),
          round(y + unit.north * 0.02 * (random() - 0.5)),
        ] as const
        add(invent(random, nextId(), place, at))
      }
    }
    const one = invent(random, 0, place, apart(sides - 1, sides))
    for (let i = 0; i < alike; i++) add({ ...one, id: nextId() })
    const rest = options.salesPerCity - own.length
    const inTowers = Math.floor(rest * (options.towers ?? 0))
    const isNearHamlet = (at: readonly [number, number]): boolean =>
      (hamlets.length > 0 || alike > 0) &&
      Math.hypot((at[0] - place.longitude) / unit.east, (at[1] - place.latitude) / unit.north) > reach * 0.45
    const inside = (): readonly [number, number] => {
      for (;;) {
        const at = draw(true, reach / 4)
        if (!isNearHamlet(at)) return at
      }
    }
    while (own.length < options.salesPerCity - rest + inTowers) {
      const at = inside()
      const homes = Math.min(between(random, 40, 320), options.salesPerCity - rest + inTowers - own.length)
      for (let i = 0; i < homes; i++) {
        const sale = invent(random, nextId(), place, at)
        add(sale)
      }
    }
    while (own.length < options.salesPerCity) add(invent(random, nextId(), place, inside()))
    cities.push({
      inseeCode: place.code,
      name: place.name,
      flatEuroPerM2: averages(own, 2),
      houseEuroPerM2: averages(own, 1),
    })
    const beside = places.filter((p) => p.department === place.department && p.code !== code)
    const neighbour = beside[hashText(`beside/${code}`) % Math.max(1, beside.length)]
    const further = Math.floor(options.salesPerCity * (options.neighbours ?? 0))
    for (let i = 0; neighbour !== undefined && i < further; i++)
      sales.push(invent(random, nextId(), neighbour, draw(false, reach)))
  }
  return { sales, cities }
}
