import type pg from 'pg'
import { withPgClientFromPgService } from 'postgraphile/@dataplan/pg'
import { makePgService } from 'postgraphile/adaptors/pg'
import { getOperationAST } from 'postgraphile/graphql'

/**
 * Runs mutations on connections of their own, which may write and may take long; queries keep the read-only ones.
 *
 * Each field of a mutation is one statement and commits by itself. Nothing is tried again: it may have been done.
 */
export function writesPlugin(pool: pg.Pool): GraphileConfig.Plugin {
  const service = makePgService({ pool, schemas: [], pubsub: false })
  return {
    name: 'ParcelleWritesPlugin',
    description: 'Runs mutations on connections that may write',
    version: '1.0.0',
    grafast: {
      middleware: {
        async prepareArgs(next, { args }) {
          const prepared = await next()
          const operation = getOperationAST(args.document, args.operationName)
          if (operation?.operation === 'mutation') {
            Object.assign(args.contextValue ?? {}, {
              withPgClient: withPgClientFromPgService.bind(null, service),
            })
          }
          return prepared
        },
      },
    },
  }
}
