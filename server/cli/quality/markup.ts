/** Text that is HTML already and is not escaped again. */
export type Markup = { readonly markup: string }

type Part = Markup | Markup[] | string | number | null | undefined

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(part: Part): string {
  if (part === null || part === undefined) return ''
  if (Array.isArray(part)) return part.map(({ markup }) => markup).join('')
  if (typeof part === 'object') return part.markup
  return String(part).replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)
}

/** Template tag for HTML: whatever is put in is escaped, unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return {
    markup: strings.reduce((all, text, i) => all + text + (i < parts.length ? escaped(parts[i]) : ''), ''),
  }
}

/** A table of HTML; a column whose title begins with "#" holds numbers. */
export function htmlTable(titles: string[], rows: Part[][]): Markup {
  const isNumber = titles.map((title) => title.startsWith('#'))
  const kind = (i: number) => (isNumber[i] ? html` class="n"` : null)
  return html`<div class="wide"><table>
<thead><tr>${titles.map((title, i) => html`<th scope="col"${kind(i)}>${title.replace(/^#/, '')}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell, i) => html`<td${kind(i)}>${cell}</td>`)}</tr>\n`)}</tbody>
</table></div>`
}

/** Shares over time as a small line, drawn from 0 to the greatest value or 1; nothing where fewer than two are known. */
export function trendLine(values: (number | null)[], top?: number): Markup | null {
  const known = values.flatMap((value, i) => (value === null ? [] : [{ value, i }]))
  const last = known.at(-1)
  if (last === undefined || known.length < 2) return null
  const high = Math.max(top ?? 0, ...known.map(({ value }) => value)) || 1
  const x = (i: number) => (values.length > 1 ? 2 + (i * 92) / (values.length - 1) : 48).toFixed(1)
  const y = (value: number) => (20 - (18 * value) / high).toFixed(1)
  const points = known.map(({ value, i }) => `${x(i)},${y(value)}`).join(' ')
  return html`<svg class="trend" viewBox="0 0 96 22" width="96" height="22" role="img" aria-label="trend"><polyline points="${points}"/><circle cx="${x(last.i)}" cy="${y(last.value)}" r="2"/></svg>`
}

/** A share from 0 to 1 as a bar with its figure beside it. */
export function shareBar(share: number | null, said: string): Markup | null {
  if (share === null) return null
  return html`<span class="bar" style="--share:${(100 * share).toFixed(1)}%"></span> ${said}`
}
