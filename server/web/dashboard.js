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

const yearly = `
  nodes { periodStart propertyType saleCount pricePerM2Median }
`

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
  const { dvfReleases, marketStats } = await ask(`{
    dvfReleases(filter: { status: { in: [applied, held] } }, orderBy: ID_DESC, first: 10) {
      nodes {
        code status completedAt lineCount rejectedCount transactionCount addedCount correctedCount withdrawnCount
      }
    }
    marketStats(filter: {
      areaLevel: { equalTo: nation }, periodKind: { equalTo: year }, nature: { equalTo: sale }
      propertyType: { in: [flat, house] }
    }) { ${yearly} }
  }`)
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

async function showRanking() {
  const { propertyType, year, order } = Object.fromEntries(new FormData(byId('ranking-form')))
  if (year === undefined) return byId('ranking').replaceChildren(element('p', 'No sale of a dwelling yet.'))
  const { marketRankings } = await ask(
    `query ($type: PropertyType!, $year: Int!) {
      marketRankings(
        filter: { propertyType: { equalTo: $type }, nature: { equalTo: sale }, soldYear: { equalTo: $year } }
        orderBy: [NATION_RANK_${order === 'DESC' ? 'DESC' : 'ASC'}, INSEE_CODE_ASC], first: 10
      ) { totalCount nodes { nationRank inseeCode departmentCode pricePerM2Count pricePerM2Median } }
    }`,
    { type: propertyType, year: Number(year) },
  )
  const codes = marketRankings.nodes.map(({ inseeCode }) => inseeCode)
  const { cities } = await ask(
    `query ($codes: [String!]) { cities(filter: { inseeCode: { in: $codes } }) { nodes { inseeCode name } } }`,
    { codes },
  )
  const names = new Map(cities.nodes.map(({ inseeCode, name }) => [inseeCode, name]))
  byId('ranking').replaceChildren(
    table(
      `${count(marketRankings.totalCount)} communes and arrondissements had five such sales or more`,
      [
        ['Commune', (r) => names.get(r.inseeCode) ?? r.inseeCode],
        ['INSEE code', (r) => r.inseeCode],
        ['Place', (r) => count(r.nationRank), true],
        ['Sales', (r) => count(r.pricePerM2Count), true],
        ['median €/m²', (r) => euros(r.pricePerM2Median), true],
      ],
      marketRankings.nodes,
    ),
  )
}

async function showCommune(name, postalCode) {
  const isCode = /^(\d{5}|2[AB]\d{3})$/i.test(name)
  let city = { inseeCode: name.toUpperCase(), name, reason: '' }
  if (isCode) {
    const found = (
      await ask('query ($code: String!) { city(inseeCode: $code) { inseeCode name } }', {
        code: city.inseeCode,
      })
    ).city
    city = found ?? {
      inseeCode: null,
      reason: `${name} is nobody's INSEE code: give a name beside a postal code`,
    }
  } else {
    const variables = { name, postalCode: postalCode === '' ? null : postalCode }
    const asked = await ask(
      `query ($name: String!, $postalCode: String) {
        resolveCity(name: $name, postalCode: $postalCode) { inseeCode name confidence reason }
      }`,
      variables,
    )
    city = asked.resolveCity
  }
  if (city.inseeCode === null) return byId('commune-answer').replaceChildren(element('p', city.reason))
  const { marketStats } = await ask(
    `query ($code: String!) {
      marketStats(filter: {
        areaLevel: { equalTo: commune }, areaCode: { equalTo: $code }, periodKind: { equalTo: year }
        nature: { equalTo: sale }, propertyType: { in: [flat, house] }
      }) { ${yearly} }
    }`,
    { code: city.inseeCode },
  )
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
byId('ranking-form').addEventListener('change', () => showRanking().catch(failed))

try {
  const health = await (await fetch('/healthz')).json()
  const releases = await showOverview()
  await showRanking()
  const isSimulated = releases.some(({ code }) => code.startsWith('world-'))
  notice(
    [
      isSimulated ? 'A simulated France: the communes are real, every sale is invented.' : '',
      health.answersAs === 'app_analyst'
        ? 'Only this machine reaches this address, so GraphQL answers as app_analyst: single sales too.'
        : 'GraphQL answers as app_visitor: aggregates, no single sales.',
    ]
      .filter((text) => text !== '')
      .join(' '),
  )
} catch (error) {
  failed(error)
}
