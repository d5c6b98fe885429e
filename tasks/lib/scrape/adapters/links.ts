import type { DetailConfig } from './portal-config.ts'

/** A link to a home. */
export interface HomeLink {
  key: string
  url: string
}

const patterns = new Map<string, RegExp>()

function patternOf(text: string): RegExp {
  const known = patterns.get(text) ?? new RegExp(text)
  patterns.set(text, known)
  return known
}

const tracking = /^(?:utm_.*|fbclid|gclid)$/i

/** An address without fragment and without the parameters that only say where a visitor came from. */
function plainUrl(url: URL): string {
  url.hash = ''
  if (url.search !== '') {
    for (const name of [...url.searchParams.keys()]) if (tracking.test(name)) url.searchParams.delete(name)
  }
  return url.href
}

/**
 * The home that a link leads to; null for a link to anything else. It must lie on the host of the page it stands on.
 *
 * @param base the address of that page.
 */
export function homeLink(href: string, base: string, detail: DetailConfig): HomeLink | null {
  const url = URL.parse(href, base)
  if (url === null) return null
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null
  if (!base.startsWith(`${url.protocol}//${url.host}/`) && url.host !== new URL(base).host) return null
  const plain = plainUrl(url)
  const found = patternOf(detail.url).exec(plain)
  if (found === null) return null
  return { key: found.groups?.key ?? found[1] ?? plain, url: plain }
}

/** What a `/pattern/` with one group finds in a text; null for nothing. */
export function matchPattern(text: string, pattern: string): string | null {
  const found = patternOf(pattern.slice(1, -1)).exec(text)
  return found === null ? null : (found[1] ?? found[0])
}

/** A whole number as people write it (`1 234 annonces`); null when there is none. */
export function readCount(text: string | null): number | null {
  const digits = /\d[\d\s.,'\u00a0\u202f\u2009]*/.exec(
    text?.replace(/&nbsp;|&#160;|&#8239;/g, ' ') ?? '',
  )?.[0]
  if (digits === undefined) return null
  const number = Number(digits.replace(/\D/g, ''))
  return Number.isSafeInteger(number) ? number : null
}
