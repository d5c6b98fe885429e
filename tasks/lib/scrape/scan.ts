// A single pass over a page for the few things that most pages are read for: links, what the head tells machines, and
// scripts of data. A parser builds a tree of everything and takes fifty times as long; where a tree is needed, cheerio
// makes it. Every step goes forward, so that no page, however broken, takes longer than its length.

/** What stands in a page. */
export interface ScannedPage {
  links: { href: string; rel: string }[]
  /** JSON-LD, as it was written. */
  data: string[]
  /** By name or property, the first of each. */
  metas: Map<string, string>
}

const attribute = (name: string) =>
  new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i')
const patterns = {
  href: attribute('href'),
  rel: attribute('rel'),
  type: attribute('type'),
  name: attribute('name'),
  property: attribute('property'),
  content: attribute('content'),
}

function attributeOf(attributes: string, name: keyof typeof patterns): string {
  const found = patterns[name].exec(attributes)
  return found ? decodeEntities(found[1] ?? found[2] ?? found[3] ?? '') : ''
}

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' }

/** Text with the character references of XML, and numeric ones, written out. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,6}));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return named[name.toLowerCase()] ?? whole
    const code = hex !== undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
  })
}

const closings = { script: /<\/script/gi, style: /<\/style/gi, title: /<\/title/gi }

/** Where an element whose content is no markup ends: the position of its closing tag, or the end of the page. */
function endOfRaw(html: string, from: number, name: keyof typeof closings): number {
  const closing = closings[name]
  closing.lastIndex = from
  return closing.exec(html)?.index ?? html.length
}

/** Reads a page in one pass. `wanted` leaves out what nobody asks for. */
export function scanPage(html: string, wanted: { links: boolean; data: boolean }): ScannedPage {
  const page: ScannedPage = { links: [], data: [], metas: new Map() }
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at)) {
    const code = html.charCodeAt(at + 1) | 32
    // "<!"
    if (html.charCodeAt(at + 1) === 33) {
      if (html.startsWith('<!--', at)) {
        const end = html.indexOf('-->', at + 4)
        at = end < 0 ? html.length : end + 3
      } else at += 2
      continue
    }
    if (code === 97 && isTag(html, at, 'a')) at = take(html, at, 2, wanted.links ? onLink : nothing)
    else if (code === 108 && isTag(html, at, 'link')) at = take(html, at, 5, wanted.links ? onLink : nothing)
    else if (code === 109 && isTag(html, at, 'meta')) at = take(html, at, 5, wanted.data ? onMeta : nothing)
    else if (code === 115 && isTag(html, at, 'script')) {
      let isData = false
      const from = take(html, at, 7, (attributes) => {
        isData = wanted.data && attributeOf(attributes, 'type').toLowerCase() === 'application/ld+json'
      })
      const end = endOfRaw(html, from, 'script')
      if (isData) page.data.push(html.slice(from, end))
      at = end + 1
    } else if (code === 115 && isTag(html, at, 'style')) at = endOfRaw(html, at, 'style') + 1
    else if (code === 116 && isTag(html, at, 'title')) at = endOfRaw(html, at, 'title') + 1
    else at++
  }
  return page

  function onLink(attributes: string): void {
    const href = attributeOf(attributes, 'href')
    if (href !== '') page.links.push({ href, rel: attributeOf(attributes, 'rel').toLowerCase() })
  }
  function onMeta(attributes: string): void {
    const name = attributeOf(attributes, 'property') || attributeOf(attributes, 'name')
    const content = attributeOf(attributes, 'content')
    if (name !== '' && content !== '' && !page.metas.has(name)) page.metas.set(name, content)
  }
}

/** The scripts of JSON-LD in a page, without looking at anything else. */
export function dataOf(html: string): string[] {
  const found: string[] = []
  for (let at = html.indexOf('application/ld+json'); at >= 0; at = html.indexOf('application/ld+json', at)) {
    const tag = html.lastIndexOf('<', at)
    const from = html.indexOf('>', at) + 1
    if (from === 0) break
    // Named within its tag, not somewhere in a text.
    const isScript =
      html.indexOf('>', tag) === from - 1 && isTag(html, tag, 'script') && !isInComment(html, tag)
    const end = isScript ? endOfRaw(html, from, 'script') : from
    if (isScript) found.push(html.slice(from, end))
    at = Math.max(end, at + 1)
  }
  return found
}

function isInComment(html: string, at: number): boolean {
  const opened = html.lastIndexOf('<!--', at)
  if (opened < 0) return false
  const closed = html.indexOf('-->', opened)
  return closed < 0 || closed > at
}

/** Whether a page that begins as a document also ends as one: one that was cut short does not. */
export function isWholePage(html: string): boolean {
  if (html.lastIndexOf('</html>') >= Math.max(0, html.length - 2000)) return true
  return /<\/html\s*>/i.test(html.slice(-2000)) || !/<html[\s>]/i.test(html.slice(0, 2000))
}

const nothing = () => {}

function isTag(html: string, at: number, name: string): boolean {
  const end = at + 1 + name.length
  const after = html.charCodeAt(end)
  return (after <= 32 || after === 62 || after === 47) && html.slice(at + 1, end).toLowerCase() === name
}

// Hands over the attributes of the tag at `at`, whose name ends `length` further; gives where the tag ends.
function take(html: string, at: number, length: number, use: (attributes: string) => void): number {
  let end = at + length
  for (let quote = 0; end < html.length; end++) {
    const code = html.charCodeAt(end)
    if (quote !== 0) {
      if (code === quote) quote = 0
    } else if (code === 34 || code === 39) quote = code
    else if (code === 62) break
  }
  use(html.slice(at + length, end))
  return end + 1
}
