import { page } from './html.ts'

/** How the explorer's list behaves. */
export interface ListHabits {
  /** `lazy`: more results are added as one scrolls; `virtual`: only those in sight are there. */
  list: 'lazy' | 'virtual'
  /** Whether a mark stands after the last result. */
  hasEnd: boolean
  /** Whether the number of all results is told. */
  isAnnounced: boolean
  /** Milliseconds for which skeletons stand, beside what the answer takes. */
  skeletonMs: number
}

// Written as the page's own people would: it runs in the browser, and shares nothing with any reader of it.
const script = `
const habits = JSON.parse(document.getElementById('habits').textContent)
const box = document.querySelector('.results')
const list = document.querySelector('.results-list')
const rowHeight = 88
const card = (sale, i) => {
  const item = document.createElement('li')
  item.className = 'result'
  item.setAttribute('aria-posinset', String(i + 1))
  const put = (name, text) => {
    const part = document.createElement('span')
    part.className = name
    part.textContent = text
    return part
  }
  const body = document.createElement(sale.path ? 'a' : 'div')
  body.className = 'result-link'
  if (sale.path) body.href = sale.path
  body.append(put('result-address', sale.address), put('result-city', sale.city), put('result-price', sale.price),
    put('result-surface', sale.surface), put('result-rooms', sale.rooms), put('result-type', sale.type),
    put('result-date', sale.date))
  item.append(body)
  return item
}
const end = () => {
  const mark = document.createElement('li')
  mark.className = 'results-end'
  mark.textContent = 'Fin de la liste'
  return mark
}
const lazy = (sales) => {
  let shown = 0
  const more = () => {
    const part = document.createDocumentFragment()
    for (const stop = Math.min(shown + 25, sales.length); shown < stop; shown++) part.append(card(sales[shown], shown))
    if (shown === sales.length && habits.hasEnd) part.append(end())
    list.append(part)
    if (shown === sales.length) box.removeEventListener('scroll', onScroll)
  }
  const onScroll = () => {
    if (box.scrollTop + box.clientHeight > box.scrollHeight - 200) more()
  }
  box.addEventListener('scroll', onScroll)
  more()
}
const virtual = (sales) => {
  list.style.position = 'relative'
  list.style.height = sales.length * rowHeight + 40 + 'px'
  let from = -1
  const draw = () => {
    const first = Math.max(0, Math.floor(box.scrollTop / rowHeight) - 5)
    if (first === from) return
    from = first
    const last = Math.min(sales.length, first + Math.ceil(box.clientHeight / rowHeight) + 10)
    const part = document.createDocumentFragment()
    for (let i = first; i < last; i++) {
      const item = card(sales[i], i)
      item.style.cssText = 'position:absolute;top:' + i * rowHeight + 'px'
      part.append(item)
    }
    if (last === sales.length && habits.hasEnd) part.append(end())
    list.replaceChildren(part)
  }
  box.addEventListener('scroll', draw)
  draw()
}
const show = ({ results, total }) => {
  document.querySelectorAll('.skeleton').forEach((one) => one.remove())
  document.querySelector('.results-count').textContent = habits.isAnnounced ? total.toLocaleString('fr-FR') + ' ventes' : ''
  if (results.length === 0) {
    const none = document.createElement('p')
    none.className = 'results-none'
    none.textContent = 'Aucune vente dans cette zone'
    box.append(none)
  } else if (habits.list === 'virtual') virtual(results)
  else lazy(results)
}
const fail = () => {
  document.querySelectorAll('.skeleton').forEach((one) => one.remove())
  const note = document.createElement('p')
  note.className = 'results-error'
  note.textContent = 'Une erreur est survenue'
  box.append(note)
}
fetch('/api/transactions' + location.search)
  .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
  .then((found) => (habits.skeletonMs > 0 ? new Promise((done) => setTimeout(() => done(found), habits.skeletonMs)) : found))
  .then(show)
  .catch(fail)
`

const style = `.results{height:640px;overflow-y:auto}.result{height:88px;list-style:none;overflow:hidden}
.result span{display:block;font-size:11px;line-height:12px}.skeleton{height:88px;background:#eee}`

/** The explorer's page: skeletons, which its script replaces by results. */
export function explorerPage(habits: ListHabits): string {
  const skeletons = '<li class="skeleton"></li>'.repeat(4)
  return page(
    'Prix de vente des biens immobiliers',
    `<style>${style}</style>`,
    `<main><p class="results-count"></p>
<div class="results"><ul class="results-list">${skeletons}</ul></div></main>
<script type="application/json" id="habits">${JSON.stringify(habits)}</script>
<script>${script}</script>`,
  )
}

const euros = (value: number | null): string =>
  value === null ? '–' : `${String(value).replace(/\B(?=(\d{3})+$)/g, '\u202f')}\u00a0€/m²`

/** A city's page: its average prices. */
export function cityPage(city: {
  name: string
  flatEuroPerM2: number | null
  houseEuroPerM2: number | null
}): string {
  return page(
    `Prix au m² à ${city.name}`,
    '',
    `<h1>Prix de l'immobilier à ${city.name}</h1>
<section class="averages">
<div class="average average-flat"><h2>Appartements</h2><p class="average-price">${euros(city.flatEuroPerM2)}</p></div>
<div class="average average-house"><h2>Maisons</h2><p class="average-price">${euros(city.houseEuroPerM2)}</p></div>
</section>`,
  )
}
