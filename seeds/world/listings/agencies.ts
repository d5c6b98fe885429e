import { between, pick, type Random } from '../random.ts'

/** Who sells: an agency that exists nowhere. Its phone lies in the ranges kept for fiction. */
export interface Agency {
  name: string
  phone: string
  email: string
}

const kinds = ['Agence', 'Cabinet', 'Immobilière', 'Étude', 'Comptoir']
const words = [
  'des Tilleuls',
  'du Vieux Pont',
  'de la Source',
  'des Trois Clés',
  'du Parc',
  'de l’Étoile',
  'du Marché',
  'des Remparts',
  'de la Colline',
  'du Rivage',
  'des Quatre Vents',
  'de la Halle',
  'du Moulin Neuf',
  'des Arcades',
  'de la Rocade',
  'du Bel Air',
]

// ARCEP keeps these for films and books: nobody answers there.
const fictional = ['019900', '026191', '035301', '046571', '053649', '063998']

function slug(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[^\w\s’]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
}

/** A phone number that nobody has, as ten digits. */
export function fictionalPhone(random: Random): string {
  return pick(random, fictional) + String(between(random, 0, 9999)).padStart(4, '0')
}

/** A name that none of the agencies in `taken` bears. */
export function agencyName(random: Random, taken: ReadonlySet<string>): string {
  for (let attempt = 0; ; attempt++) {
    const name = `${pick(random, kinds)} ${pick(random, words)}${attempt < 40 ? '' : ` ${attempt}`}`
    if (!taken.has(name)) return name
  }
}

/** So many agencies, all of different names. */
export function inventAgencies(random: Random, count: number): Agency[] {
  const taken = new Set<string>()
  return Array.from({ length: count }, () => {
    const name = agencyName(random, taken)
    taken.add(name)
    return { name, phone: fictionalPhone(random), email: `contact@${slug(name)}.example` }
  })
}

/** One of the agencies: some sell more homes than others. */
export function agencyOf(agencies: readonly Agency[], random: Random): Agency {
  const agency = agencies[Math.floor(random() ** 1.4 * agencies.length)]
  if (agency === undefined) throw new RangeError('no agencies')
  return agency
}
