import { PgSelectStep } from 'postgraphile/@dataplan/pg'
import { constant } from 'postgraphile/grafast'
import { wrapPlans } from 'postgraphile/utils'
import { largestPage } from './page-limit.ts'

/**
 * Gives at most a page of what a mutation lists: the changes of a session are as many as its homes. All of them are
 * read page by page from the table that keeps them.
 */
export const mutationListsPlugin: GraphileConfig.Plugin = wrapPlans(
  (context) =>
    context.scope.isMutationPayload === true && context.scope.fieldName === 'result' ? true : null,
  () => (plan) => {
    const $result = plan()
    if ($result instanceof PgSelectStep) $result.setFirst(constant(largestPage))
    return $result
  },
  { name: 'ParcelleMutationListsPlugin' },
)
