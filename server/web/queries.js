/** The queries of the page; a test holds them against the schema and both roles. */

const years = 'nodes { periodStart propertyType saleCount pricePerM2Median }'

export const overview = `{
  dvfReleases(filter: { status: { in: [applied, held] } }, orderBy: ID_DESC, first: 10) {
    nodes {
      code status completedAt lineCount rejectedCount transactionCount addedCount correctedCount withdrawnCount
    }
  }
  marketStats(filter: {
    areaLevel: { equalTo: nation }, periodKind: { equalTo: year }, nature: { equalTo: sale }
    propertyType: { in: [flat, house] }
  }) { ${years} }
}`

export const ranking = `query ($type: PropertyType!, $year: Int!, $order: [MarketRankingOrderBy!]) {
  marketRankings(
    filter: { propertyType: { equalTo: $type }, nature: { equalTo: sale }, soldYear: { equalTo: $year } }
    orderBy: $order, first: 10
  ) { totalCount nodes { nationRank inseeCode pricePerM2Count pricePerM2Median } }
}`

export const names = `query ($codes: [String!]) {
  cities(filter: { inseeCode: { in: $codes } }) { nodes { inseeCode name } }
}`

export const communeByCode = 'query ($code: String!) { city(inseeCode: $code) { inseeCode name } }'

export const communeByName = `query ($name: String!, $postalCode: String) {
  resolveCity(name: $name, postalCode: $postalCode) { inseeCode name reason }
}`

export const commune = `query ($code: String!) {
  marketStats(filter: {
    areaLevel: { equalTo: commune }, areaCode: { equalTo: $code }, periodKind: { equalTo: year }
    nature: { equalTo: sale }, propertyType: { in: [flat, house] }
  }) { ${years} }
}`

/** What came in and how pipelines do; a visitor may not ask it. */
export const intake = `{
  scrapingJobs(first: 10) { totalCount nodes { source dagId status itemsScraped itemsFailed completedAt } }
  pipelinesOverviews { nodes { name lastStatus runningCount succeededCount failedCount lastFinishedAt } }
}`
