import * as queries from './queries.js'

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const byId = (id) => document.getElementById(id)
const count = (value) => (value === null ? '' : number.format(Number(value)))
const euros = (value) => (value === null ? '–' : `${number.format(Number(value))} €`)

/** Asks GraphQL; throws with the server's message and hint. */
async function ask(query, variables = {}) {
  const answer = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = await answer.json()
  if (errors) throw new Error(errors.map(({ message }) => message).join('; '))
  return data
}

function element(name, content, attributes = {}) {
  const made = document.createElement(name)
  made.append(...[content].flat())
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  return made
}

/** A table; columns are [title, cell of a row, whether it is a number], the first one names the row. */
function table(caption, columns, rows) {
  const attributes = ([, , isNumber]) => (isNumber ? { class: 'number' } : {})
  const head = columns.map((column) => element('th', column[0], { scope: 'col', ...attributes(column) }))
  const body = rows.map((row) =>
    element(
      'tr',
      columns.map((column, i) => {
        const head = i === 0 ? { scope: 'row' } : {}
        return element(i === 0 ? 'th' : 'td', column[1](row), { ...head, ...attributes(column) })
      }),
    ),
  )
  const parts = [element('caption', caption), element('thead', element('tr', head)), element('tbody', body)]
  return element('div', element('table', parts), { class: 'wide' })
}

function notice(text, isFailure = false) {
  byId('notice').textContent = text
  byId('notice').classList.toggle('failed', isFailure)
}

/** Flats beside houses, year by year, newest first. */
function years(caption, nodes) {
  const starts = [...new Set(nodes.map(({ periodStart }) => periodStart))].sort().reverse()
  const rows = starts.map((start) => ({
    year: start.slice(0, 4),
    ...Object.fromEntries(nodes.filter((n) => n.periodStart === start).map((n) => [n.propertyType, n])),
  }))
  return table(
    caption,
    [
      ['Year', (row) => row.year],
      ['Flats sold', (row) => count(row.flat?.saleCount ?? 0), true],
      ['median €/m²', (row) => euros(row.flat?.pricePerM2Median ?? null), true],
      ['Houses sold', (row) => count(row.house?.saleCount ?? 0), true],
      ['median €/m²', (row) => euros(row.house?.pricePerM2Median ?? null), true],
    ],
    rows,
  )
}

async function showOverview() {
  const { dvfReleases, marketStats } = await ask(queries.overview)
  const releases = dvfReleases.nodes
  byId('releases').replaceChildren(
    releases.length === 0
      ? element('p', ['None yet: ', element('code', 'npx parcelle dvf import FILE')])
      : table(
          'The newest first; what each did to the ledger',
          [
            ['Release', (r) => r.code],
            ['Status', (r) => r.status],
            ['Lines', (r) => count(r.lineCount), true],
            ['Rejected', (r) => count(r.rejectedCount), true],
            ['Sales', (r) => count(r.transactionCount), true],
            ['Added', (r) => count(r.addedCount), true],
            ['Corrected', (r) => count(r.correctedCount), true],
            ['Withdrawn', (r) => count(r.withdrawnCount), true],
            ['On', (r) => (r.completedAt ?? '').slice(0, 10)],
          ],
          releases,
        ),
  )
  byId('country').replaceChildren(
    marketStats.nodes.length === 0
      ? element('p', 'No sale of a dwelling yet.')
      : years('All of France that was imported, by year', marketStats.nodes),
  )
  const found = [...new Set(marketStats.nodes.map(({ periodStart }) => periodStart.slice(0, 4)))]
  byId('ranking-form').elements.year.replaceChildren(
    ...found
      .sort()
      .reverse()
      .map((year) => element('option', year)),
  )
  return releases
}

const minute = (instant) => (instant ?? '').slice(0, 16).replace('T', ' ')

/** What sources brought and what pipelines did. */
async function showIntake() {
  const { scrapingJobs, pipelinesOverviews } = await ask(queries.intake)
  byId('jobs').replaceChildren(
    scrapingJobs.nodes.length === 0
      ? element('p', ['No session yet: ', element('code', 'npx parcelle scrape --source CODE')])
      : table(
          `The latest of ${count(scrapingJobs.totalCount)} sessions; a held one waits for a decision`,
          [
            ['Source', (job) => job.source],
            ['Filled by', (job) => job.dagId],
            ['Status', (job) => job.status],
            ['Homes', (job) => count(job.itemsScraped), true],
            ['Failed', (job) => count(job.itemsFailed), true],
            ['Ended (UTC)', (job) => minute(job.completedAt)],
          ],
          scrapingJobs.nodes,
        ),
  )
  byId('pipelines').replaceChildren(
    table(
      'Pipelines, with their runs of the last 30 days',
      [
        ['Pipeline', (pipeline) => pipeline.name],
        ['Last run', (pipeline) => pipeline.lastStatus ?? 'never'],
        ['Running', (pipeline) => count(pipeline.runningCount), true],
        ['Succeeded', (pipeline) => count(pipeline.succeededCount), true],
        ['Failed', (pipeline) => count(pipeline.failedCount), true],
        ['Ended (UTC)', (pipeline) => minute(pipeline.lastFinishedAt)],
      ],
      pipelinesOverviews.nodes,
    ),
  )
  byId('intake').hidden = false
}

async function showRanking() {
  const { propertyType, year, order } = Object.fromEntries(new FormData(byId('ranking-form')))
  if (year === undefined) return byId('ranking').replaceChildren(element('p', 'No sale of a dwelling yet.'))
  const { marketRankings } = await ask(queries.ranking, {
    type: propertyType,
    year: Number(year),
    order: [`NATION_RANK_${order}`, 'INSEE_CODE_ASC'],
  })
  const codes = marketRankings.nodes.map(({ inseeCode }) => inseeCode)
  const { cities } = await ask(queries.names, { codes })
  const names = new Map(cities.nodes.map(({ inseeCode, name }) => [inseeCode, name]))
  byId('ranking').replaceChildren(
    table(
      `${count(marketRankings.totalCount)} communes and arrondissements had five such sales or more`,
      [
        ['Commune', (r) => element('a', names.get(r.inseeCode) ?? r.inseeCode, { href: `#${r.inseeCode}` })],
        ['median €/m²', (r) => euros(r.pricePerM2Median), true],
        ['Sales', (r) => count(r.pricePerM2Count), true],
        ['Place', (r) => count(r.nationRank), true],
        ['INSEE code', (r) => r.inseeCode],
      ],
      marketRankings.nodes,
    ),
  )
}

/** The commune of an INSEE code, or that a name and a postal code mean; without a code, with the reason. */
async function findCommune(name, postalCode) {
  if (!/^(\d{5}|2[AB]\d{3})$/i.test(name)) {
    const asked = await ask(queries.communeByName, {
      name,
      postalCode: postalCode === '' ? null : postalCode,
    })
    return asked.resolveCity
  }
  const { city } = await ask(queries.communeByCode, { code: name.toUpperCase() })
  return city ?? { inseeCode: null, reason: `No commune has the INSEE code ${name}; is it a postal code?` }
}

async function showCommune(name, postalCode) {
  const city = await findCommune(name, postalCode)
  if (city.inseeCode === null) return byId('commune-answer').replaceChildren(element('p', city.reason))
  const { marketStats } = await ask(queries.commune, { code: city.inseeCode })
  const title = `${city.name} (${city.inseeCode})`
  byId('commune-answer').replaceChildren(
    marketStats.nodes.length === 0
      ? element('p', `${title}: no sale of a dwelling is known.`)
      : years(title, marketStats.nodes),
  )
}

const failed = (error) => notice(error.message, true)

byId('commune-form').addEventListener('submit', (event) => {
  event.preventDefault()
  const { name, postalCode } = Object.fromEntries(new FormData(event.currentTarget))
  showCommune(name.trim(), postalCode.trim()).catch(failed)
})
/** An address ending in #44109 shows that commune. */
const showAddressed = async () => {
  const code = location.hash.slice(1)
  if (!/^[0-9AB]{5}$/i.test(code)) return
  byId('commune-form').elements.name.value = code
  byId('commune-form').elements.postalCode.value = ''
  await showCommune(code, '')
  byId('commune').scrollIntoView({ block: 'nearest' })
}
addEventListener('hashchange', () => showAddressed().catch(failed))
byId('ranking-form').addEventListener('change', () => showRanking().catch(failed))

try {
  const health = await (await fetch('/healthz')).json()
  const releases = await showOverview()
  await showRanking()
  if (health.answersAs !== 'app_visitor') await showIntake()
  await showAddressed()
  const isSimulated = releases.some(({ code }) => code.startsWith('world-'))
  notice(
    [
      isSimulated ? 'A simulated France: the communes are real, every sale and listing is invented.' : '',
      health.answersAs === 'app_visitor'
        ? 'GraphQL answers as app_visitor: aggregates, no single sales.'
        : `Only this machine reaches this address, so GraphQL answers as ${health.answersAs}: single sales too.`,
    ]
      .filter((text) => text !== '')
      .join(' '),
  )
} catch (error) {
  failed(error)
}
