import { PgSimplifyInflectionPlugin } from '@graphile/simplify-inflection'

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

/** Plugins of the defaults that this API goes without: Relay's Node interface, and `condition` beside `filter`. */
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
] as const
