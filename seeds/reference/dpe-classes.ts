const letters = ['A', 'B', 'C', 'D', 'E', 'F', 'G']

// Upper bounds of A to F: kWh of primary energy and kg of CO₂, each by m² and year.
const energy = [70, 110, 180, 250, 330, 420]
const emissions = [6, 11, 30, 50, 70, 100]

// Above 800 m in the climate zones H1b, H1c and H2d, where E, F and G begin later.
const energyHigh = [70, 110, 180, 250, 390, 500]
const emissionsHigh = [6, 11, 30, 50, 80, 110]

/** Departments of those zones in which homes lie above 800 m. */
const highDepartments = [
  ...['01', '03', '04', '05', '07', '15', '19', '23', '25', '26', '38', '39', '42', '43'],
  ...['48', '63', '67', '68', '69', '70', '73', '74', '84', '87', '88', '90'],
]

function classOf(field: string, bounds: readonly number[]): string {
  const cases = bounds.map((bound, i) => `when ${field} <= ${bound} then '${letters[i]}'`)
  return `case ${cases.join(' ')} else 'G' end`
}

const worse = (ofEnergy: readonly number[], ofEmissions: readonly number[]) =>
  `greatest(${classOf('dpe_energy', ofEnergy)}, ${classOf('dpe_emissions', ofEmissions)})`

/**
 * The SQL condition that a certificate's class is the worse of energy and emissions (arrêté of 31 March 2021). The
 * altitude is not known, so in departments with homes above 800 m either class is right.
 */
export const dpeFitsFigures = [
  `dpe_class = ${worse(energy, emissions)}`,
  `department in (${highDepartments.map((code) => `'${code}'`).join(', ')}) and dpe_class = ${worse(energyHigh, emissionsHigh)}`,
].join(' or ')
