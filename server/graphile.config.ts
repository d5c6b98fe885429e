import './graphile-env.ts'
import { PgAggregatesPreset } from '@graphile/pg-aggregates'
import type pg from 'pg'
import { makePgService } from 'postgraphile/adaptors/pg'
import type { GraphQLError } from 'postgraphile/graphql'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'
import { PostGraphileConnectionFilterPreset } from 'postgraphile-plugin-connection-filter'
import type { ChangeFeed } from './change-feed.ts'
import { firstQuery } from './first-query.ts'
import { aggregatesPlugin } from './plugins/aggregates.ts'
import { changeSubscriptionPlugin } from './plugins/change-subscription.ts'
import { codecsPlugin } from './plugins/codecs.ts'
import { mutationListsPlugin } from './plugins/mutation-lists.ts'
import { namesPlugin, shortNamesPlugin, unwantedPlugins } from './plugins/names.ts'
import { nullOrderPlugin } from './plugins/null-order.ts'
import { pageLimitPlugins } from './plugins/page-limit.ts'
import { queryLimitPlugin } from './plugins/query-limit.ts'
import { searchOrderPlugin } from './plugins/search-order.ts'
import { tagsPlugin } from './plugins/tags.ts'
import { writesPlugin } from './plugins/writes.ts'
import { retryingService } from './retry.ts'

/** Every setting is optional; without GraphiQL's own types, which are not installed, they look as if they were not. */
type GraphiqlSettings = NonNullable<NonNullable<GraphileConfig.Preset['ruru']>['clientConfig']>

/** What the preset needs to know about the server it is for. */
export type PresetOptions = {
  /** Its connections are an application role already; see createPool. */
  pool: pg.Pool
  /** Connections that may write, for mutations; without them a mutation meets a read-only connection. */
  writePool?: pg.Pool | undefined
  /** Where subscriptions read; without it they are refused. */
  feed?: ChangeFeed | undefined
  graphiql: boolean
  maskError?: ((error: GraphQLError) => GraphQLError) | undefined
}

/**
 * The GraphQL API as PostGraphile builds it: schema app_public as app_operator may use it, with connection filter,
 * aggregates and simplified names.
 *
 * One schema for every role, so that documentation and clients do not depend on who asks; what a role may not see is
 * refused by the database.
 */
export function createPreset({
  pool,
  writePool,
  feed,
  graphiql,
  maskError,
}: PresetOptions): GraphileConfig.Preset {
  return {
    extends: [PostGraphileAmberPreset, PostGraphileConnectionFilterPreset, PgAggregatesPreset],
    plugins: [
      shortNamesPlugin,
      namesPlugin,
      tagsPlugin,
      codecsPlugin,
      mutationListsPlugin,
      searchOrderPlugin,
      nullOrderPlugin,
      queryLimitPlugin,
      aggregatesPlugin,
      ...pageLimitPlugins,
      changeSubscriptionPlugin(feed),
      ...(writePool === undefined ? [] : [writesPlugin(writePool)]),
    ],
    disablePlugins: [...unwantedPlugins],
    pgServices: [
      retryingService(
        makePgService({
          pool,
          schemas: ['app_public'],
          pubsub: false,
          pgSettingsForIntrospection: { role: 'app_operator' },
        }),
      ),
    ],
    schema: {
      sortExport: true,
      pgSimplifyAllRows: true,
      pgShortPk: true,
      pgSimplifyMultikeyRelations: true,
    },
    grafast: { explain: false },
    ruru: {
      clientConfig: { defaultQuery: firstQuery } as GraphiqlSettings,
      htmlParts: { titleTag: '<title>Parcelle: GraphiQL</title>' },
    },
    grafserv: {
      graphqlPath: '/graphql',
      graphiql,
      graphiqlPath: '/graphiql',
      graphiqlOnGraphQLGET: false,
      graphqlOverGET: false,
      watch: false,
      websockets: feed !== undefined,
      outputDataAsString: true,
      maxRequestLength: 100_000,
      ...(maskError === undefined ? {} : { maskError }),
    },
  }
}
