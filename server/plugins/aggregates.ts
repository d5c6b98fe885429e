const kept = new Set(['sum', 'distinctCount', 'min', 'max', 'average'])

/** Keeps the aggregates people ask a market for; spread is what the quartiles of marketStats are there for. */
export const aggregatesPlugin: GraphileConfig.Plugin = {
  name: 'ParcelleAggregatesPlugin',
  description: 'Offers sum, distinctCount, min, max and average only',
  version: '1.0.0',
  schema: {
    hooks: {
      build: {
        after: ['PgAggregatesSpecsPlugin'],
        callback(build) {
          if (build.pgAggregateSpecs === undefined) throw new Error('PgAggregatesSpecsPlugin is missing')
          build.pgAggregateSpecs = build.pgAggregateSpecs.filter(({ id }) => kept.has(id))
          return build
        },
      },
    },
  },
}
