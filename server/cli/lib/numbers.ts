const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** A whole number with its thousands apart: `1,234,567`. */
export function formatNumber(n: number): string {
  return grouped.format(n)
}

/** A number of things: `1 row`, `1,200 rows`. */
export function formatCount(n: number, noun: string): string {
  return `${formatNumber(n)} ${noun}${n === 1 ? '' : 's'}`
}

/** A duration in words, from seconds: `8 s`, `3 min 20 s`, `2 h 05 min`. */
export function formatDuration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds))
  if (s < 60) return `${s} s`
  if (s < 3600) return `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, '0')} s`
  return `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, '0')} min`
}

/** A size in words, from bytes: `812 kB`, `1.4 GB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let n = bytes
  let unit = 0
  while (n >= 1000 && unit < units.length - 1) {
    n /= 1000
    unit++
  }
  return `${n < 10 && unit > 0 ? n.toFixed(1) : Math.round(n)} ${units[unit]}`
}

/** A share from 0 to 1 as a percentage: `34 %`, `2.5 %` where it is small. */
export function formatShare(share: number): string {
  const percent = share * 100
  // What is not all is never shown as all.
  if (percent > 99 && percent < 100) return `${(Math.floor(percent * 10) / 10).toFixed(1)} %`
  return `${percent > 0 && percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`
}
