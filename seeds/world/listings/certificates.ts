import { between, type Random, weighted } from '../random.ts'

const letters = 'ABCDEFG'

// Upper bounds of classes A to F; G has none, 690 and 160 are as far as this world goes.
const energyBounds = [0, 70, 110, 180, 250, 330, 420, 690]
const emissionBounds = [0, 6, 11, 30, 50, 70, 100, 160]

/** What an ad says of a home's energy certificate: number, both classes, both figures. */
export interface DpeFacts {
  dpe_number: string
  dpe_class: string
  dpe_kwh_m2: number
  ghg_class: string
  ghg_kgco2_m2: number
}

function within(random: Random, bounds: readonly number[], index: number): number {
  return between(random, (bounds[index] ?? 0) + 1, bounds[index + 1] ?? 1)
}

/** An invented certificate: the class is the worse of energy and emissions, as the law has it. */
export function dpeFacts(random: Random, department: string, number: number): DpeFacts {
  const energy = weighted(random, [2, 5, 20, 32, 23, 11, 7])
  const emissions = Math.max(0, energy - weighted(random, [55, 30, 15]))
  const worst = Math.max(energy, emissions)
  const year = between(random, 21, 24)
  const serial = String((number * 7919 + between(random, 0, 99)) % 10_000_000).padStart(7, '0')
  return {
    dpe_number: `${year}${department.slice(0, 2)}E${serial}${letters[number % 7]}`,
    dpe_class: letters[worst] ?? 'G',
    dpe_kwh_m2: within(random, energyBounds, energy),
    ghg_class: letters[emissions] ?? 'G',
    ghg_kgco2_m2: within(random, emissionBounds, emissions),
  }
}
