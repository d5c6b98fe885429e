import { PgSimplifyInflectionPlugin } from '@graphile/simplify-inflection'
import { collectiveNames } from './graphql-names.ts'

/**
 * A sale's `id` is called id. PostGraphile keeps that name for Relay's global identifiers, which this API does not
 * have: the ledger's own identity is the one that means something.
 */
export const namesPlugin: GraphileConfig.Plugin = {
  name: 'ParcelleNamesPlugin',
  description: 'Columns keep their own names, id included',
  version: '1.0.0',
  inflection: {
    replace: {
      _attributeName(previous, _preset, details) {
        if (previous === undefined) throw new Error('PgAttributesPlugin is missing')
        return previous({ ...details, skipRowId: true })
      },
      // Types of app_base are the words of the subject, whatever schema they rest in: PropertyType.
      _schemaPrefix(previous, _preset, details) {
        if (previous === undefined) throw new Error('PgTablesPlugin is missing')
        return details.pgNamespace.nspname === 'app_base' ? '' : previous(details)
      },
      allRowsConnection(previous, _preset, resource) {
        if (previous === undefined) throw new Error('PgAllRowsPlugin is missing')
        return collectiveNames[resource.name] ?? previous(resource)
      },
      // The official codes are the keys here: department_code leads to department as release_id leads to release.
      _getBaseName(previous, _preset, attributeName) {
        if (previous === undefined) throw new Error('PgSimplifyInflectionPlugin is missing')
        const place = /^(department|region|parent)(?:Insee|_insee)?(?:Code|_code)$/.exec(attributeName)
        return place?.[1] ?? previous(attributeName)
      },
    },
  },
}

/** Short names, from which the inflector of a plugin we go without is dropped silently. */
export const shortNamesPlugin: GraphileConfig.Plugin = {
  ...PgSimplifyInflectionPlugin,
  inflection: {
    ...PgSimplifyInflectionPlugin.inflection,
    ignoreReplaceIfNotExists: [
      ...(PgSimplifyInflectionPlugin.inflection?.ignoreReplaceIfNotExists ?? []),
      'nodeById',
    ],
  },
}

/**
 * Plugins of the defaults that this API goes without: Relay's Node interface, `condition` beside `filter`, orders and
 * filters by aggregates of relations, which read whole tables.
 */
export const unwantedPlugins = [
  'NodePlugin',
  'AddNodeInterfaceToSuitableTypesPlugin',
  'NodeIdCodecBase64JSONPlugin',
  'NodeIdCodecPipeStringPlugin',
  'RegisterQueryNodePlugin',
  'NodeAccessorPlugin',
  'PgTableNodePlugin',
  'PgNodeIdAttributesPlugin',
  'QueryQueryPlugin',
  'PgConditionArgumentPlugin',
  'PgConditionCustomFieldsPlugin',
  'PgPolymorphismOnlyArgumentPlugin',
  'PgAggregatesOrderByAggregatesPlugin',
  'PgAggregatesFilterRelationalAggregatesPlugin',
] as const
