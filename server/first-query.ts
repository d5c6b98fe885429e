/** What GraphiQL shows to begin with: a query that has an answer whatever was imported. */
export const firstQuery = `# The market of all that was imported, by year.
#
# Ctrl-Enter runs it, Ctrl-Space completes. The book on
# the left lists what there is, README.md has more to try.
{
  marketStats(
    filter: {
      areaLevel: { equalTo: nation }
      propertyType: { equalTo: flat }
      nature: { equalTo: sale }
      periodKind: { equalTo: year }
    }
    orderBy: PERIOD_START_ASC
  ) {
    nodes {
      periodStart
      saleCount
      pricePerM2FirstQuartile
      pricePerM2Median
      pricePerM2ThirdQuartile
    }
  }
}
`
