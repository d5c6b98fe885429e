const bars = '▁▂▃▄▅▆▇█'

/**
 * A row of numbers as a row of bars, one character each; a gap where there is none.
 *
 * @param range the values that the lowest and the highest bar stand for; 0 and the greatest value unless given.
 */
export function sparkline(values: (number | null)[], range?: [low: number, high: number]): string {
  const known = values.filter((value) => value !== null)
  const [low, high] = range ?? [0, Math.max(...known, 0)]
  return values
    .map((value) => {
      if (value === null) return '·'
      const share = high > low ? (value - low) / (high - low) : 1
      return bars[Math.max(0, Math.min(bars.length - 1, Math.round(share * (bars.length - 1))))]
    })
    .join('')
}
