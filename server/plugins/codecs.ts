import { TYPES } from 'postgraphile/@dataplan/pg'

// PostGraphile knows neither, and says so at every start.
const asText = new Set(['xid8', 'int8multirange'])

/** Reads types of PostgreSQL that PostGraphile has no codec for as the text they are written in. */
export const codecsPlugin: GraphileConfig.Plugin = {
  name: 'ParcelleCodecsPlugin',
  description: 'Reads transaction ids and ranges of them as text',
  version: '1.0.0',
  gather: {
    hooks: {
      pgCodecs_findPgCodec(_info, event) {
        const { typname, getNamespace } = event.pgType
        if (event.pgCodec === null && getNamespace()?.nspname === 'pg_catalog' && asText.has(typname)) {
          event.pgCodec = TYPES.text
        }
      },
    },
  },
}
