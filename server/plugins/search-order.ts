const searchName = 'search_transactions'

/**
 * Gives `searchTransactions` a total order, newest first unless asked otherwise: PostGraphile takes the rows of a
 * function to have no key, and a cursor over days of sale alone could not tell the sales of one day apart.
 */
export const searchOrderPlugin: GraphileConfig.Plugin = {
  name: 'ParcelleSearchOrderPlugin',
  description: 'Orders searchTransactions by sale as well, so that cursors are exact',
  version: '1.0.0',
  gather: {
    hooks: {
      pgProcedures_functionResourceOptions(_info, event) {
        if (event.pgProc.proname !== searchName) return
        event.functionResourceOptions.uniques = [{ attributes: ['id'], isPrimary: true }]
        event.functionResourceOptions.hasImplicitOrder = false
      },
    },
  },
  schema: {
    hooks: {
      GraphQLObjectType_fields_field_args_arg(argument, build, context) {
        const { argName, pgFieldResource } = context.scope
        if (argName !== 'orderBy' || pgFieldResource?.name !== searchName) return argument
        const name = build.inflection.orderByType(build.inflection.tableType(pgFieldResource.codec))
        const newestFirst = build.getTypeByName(name)
        if (!(newestFirst instanceof build.graphql.GraphQLEnumType)) return argument
        return { ...argument, defaultValue: [newestFirst.getValue('SOLD_ON_DESC')?.value] }
      },
    },
  },
}
