const names = [
  'Janvier',
  'Février',
  'Mars',
  'Avril',
  'Mai',
  'Juin',
  'Juillet',
  'Août',
  'Septembre',
  'Octobre',
  'Novembre',
  'Décembre',
]

/** A month as the French write it: `2024-02` is `Février 2024`. */
export function frenchMonth(month: string): string {
  const [year, number] = month.split('-')
  return `${names[Number(number) - 1]} ${year}`
}

/** Months since the year 0, so that they can be counted. */
export function monthNumber(month: string): number {
  const [year, number] = month.split('-')
  return Number(year) * 12 + Number(number) - 1
}

/** The month of a number: the other way round. */
export function monthOf(number: number): string {
  return `${String(Math.floor(number / 12)).padStart(4, '0')}-${String((number % 12) + 1).padStart(2, '0')}`
}
