import './graphile-env.ts'
import { makeSchema } from 'postgraphile'
import { lexicographicSortSchema, printSchema } from 'postgraphile/graphql'
import { createPreset } from './graphile.config.ts'
import { createPool } from './session.ts'

/** The GraphQL schema of a deployed database in the schema language, sorted by name; `url` is the owner's. */
export async function printGraphqlSchema(url: string): Promise<string> {
  let lost: Error | undefined
  const pool = createPool(url, 'app_analyst', (error) => {
    lost = error
  })
  try {
    const { schema } = await makeSchema(createPreset({ pool, graphiql: false }))
    if (lost !== undefined) throw lost
    return `${printSchema(lexicographicSortSchema(schema))}\n`
  } finally {
    await pool.end()
  }
}
