import type { PgSelectQueryBuilder } from 'postgraphile/@dataplan/pg'
import { sql } from 'postgraphile/pg-sql2'

/**
 * Columns whose index has to serve the order, table by table: rows without a value are left out of it, because no
 * index gives `desc nulls last` and `asc` both.
 */
const leftOut: Record<string, ReadonlySet<string>> = { transactions: new Set(['price_eur']) }

type Direction = 'ASC' | 'DESC'

/**
 * Orders by columns that can be empty: rows without a value come last in both directions, and every cursor leads on to
 * them.
 *
 * PostGraphile 5.1 loses those rows after the first page (it asks for "not null after null" where it means the
 * opposite), so whether there is a value is a key of its own here, which is never null.
 */
export const nullOrderPlugin: GraphileConfig.Plugin = {
  name: 'ParcelleNullOrderPlugin',
  description: 'Puts rows without a value last, and pages through them',
  version: '1.0.0',
  schema: {
    hooks: {
      GraphQLEnumType_values: {
        after: ['PgOrderAllAttributesPlugin'],
        callback(values, build, context) {
          const { isPgRowSortEnum, pgCodec } = context.scope
          if (!isPgRowSortEnum || pgCodec === undefined || pgCodec.attributes === undefined) return values
          const boolean = build.dataplanPg.TYPES.boolean
          for (const [attributeName, attribute] of Object.entries(pgCodec.attributes)) {
            if (attribute.notNull) continue
            const isLeftOut = leftOut[pgCodec.name]?.has(attributeName) ?? false
            for (const direction of ['ASC', 'DESC'] satisfies Direction[]) {
              const variant = direction === 'ASC' ? 'asc' : 'desc'
              const name = build.inflection.orderByAttributeEnum({
                codec: pgCodec as never,
                attributeName,
                variant,
              })
              const value = values[name]
              if (value === undefined) continue
              const apply = (query: PgSelectQueryBuilder) => {
                const column = sql`${query.alias}.${sql.identifier(attributeName)}`
                if (isLeftOut) query.where(sql`${column} is not null`)
                else query.orderBy({ fragment: sql`(${column} is null)`, codec: boolean, direction: 'ASC' })
                query.orderBy({ attribute: attributeName, direction })
              }
              values[name] = {
                ...value,
                description: isLeftOut
                  ? 'Rows without a value are left out.'
                  : 'Rows without a value come last.',
                extensions: { ...value.extensions, grafast: { ...value.extensions?.grafast, apply } },
              }
            }
          }
          return values
        },
      },
    },
  },
}
