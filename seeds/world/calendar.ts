// Days are whole numbers counted from 1970-01-01, so that arithmetic never meets a time zone.

const texts: string[] = []

/** The day number of a calendar date. */
export function dayOf(year: number, month: number, day: number): number {
  return Math.round(Date.UTC(year, month - 1, day) / 86_400_000)
}

/** A day as `2021-03-04`. */
export function isoDay(day: number): string {
  const known = texts[day]
  if (known !== undefined) return known
  const text = new Date(day * 86_400_000).toISOString().slice(0, 10)
  texts[day] = text
  return text
}

/** The calendar year of a day. */
export function yearOf(day: number): number {
  return Number(isoDay(day).slice(0, 4))
}

/** The month of a day, 1 to 12. */
export function monthOf(day: number): number {
  return Number(isoDay(day).slice(5, 7))
}

/** Whether offices are closed that day: deeds are hardly ever signed on a Saturday or a Sunday. */
export function isWeekend(day: number): boolean {
  const weekday = (day + 4) % 7
  return weekday === 0 || weekday === 6
}
