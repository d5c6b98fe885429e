import { constant, lambda, SafeError } from 'postgraphile/grafast'
import { wrapPlans } from 'postgraphile/utils'

/** Rows of a page when the query asks for no number. */
export const defaultPage = 100
/** The most rows a page may have. */
export const largestPage = 1000

/** What `first` becomes: the default page where neither `first` nor `last` is asked for. Throws PC400 beyond the limits. */
export function firstOf([first, last]: readonly [unknown, unknown]): number | null {
  if (first == null) return last == null ? defaultPage : null
  return checked('first', first)
}

/** What `last` becomes. Throws PC400 beyond the limits. */
export function lastOf(last: unknown): number | null {
  return last == null ? null : checked('last', last)
}

const checked = (name: string, rows: unknown): number => {
  if (typeof rows === 'number' && rows >= 0 && rows <= largestPage) return rows
  throw new SafeError(`${name} is ${rows}, at most ${largestPage} rows can be asked for`, {
    code: 'PC400',
    hint: 'Ask for a page at a time: after: the endCursor of the page before.',
  })
}

/** Takes `first` and `last` out of the automatic hands and says their limits in the documentation. */
const ownArguments: GraphileConfig.Plugin = {
  name: 'ParcellePageArgumentsPlugin',
  description: 'Leaves first and last to ParcellePageLimitPlugin',
  version: '1.0.0',
  schema: {
    hooks: {
      GraphQLObjectType_fields_field_args: {
        after: ['PgFirstLastBeforeAfterArgsPlugin'],
        callback(args, _build, context) {
          if (!context.scope.isPgFieldConnection) return args
          for (const name of ['first', 'last']) {
            const argument = args[name]
            if (argument === undefined) continue
            delete argument.applyPlan
            argument.description =
              name === 'first'
                ? `Only read the first \`n\` rows: ${defaultPage} unless said, at most ${largestPage}.`
                : `Only read the last \`n\` rows, at most ${largestPage}.`
          }
          return args
        },
      },
    },
  },
}

const limitedPlans = wrapPlans(
  (context) => (context.scope.isPgFieldConnection ? true : null),
  () => (plan, _$source, fieldArgs, info) => {
    const $connection = plan()
    const has = (name: string) => info.field.args.some((argument) => argument.name === name)
    if (!has('first')) return $connection
    const $first = fieldArgs.getRaw('first')
    const $last = has('last') ? fieldArgs.getRaw('last') : constant(null)
    $connection.setFirst(lambda([$first, $last], firstOf))
    if (has('last')) $connection.setLast(lambda($last, lastOf))
    return $connection
  },
  { name: 'ParcellePageLimitPlugin' },
)

/** Gives every connection a default page and a largest page: V5 has neither. */
export const pageLimitPlugins: GraphileConfig.Plugin[] = [ownArguments, limitedPlans]
