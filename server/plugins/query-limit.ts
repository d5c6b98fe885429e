import {
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
  type ValueNode,
} from 'postgraphile/graphql'
import { defaultPage } from './page-limit.ts'

/** How deep a query may nest fields; introspection is exempt, its own documents go deeper. */
export const deepest = 12
/** How many fields a query may name, fragments counted wherever they are spread. */
export const mostFields = 500
/** How many rows a query may ask for in all: pages within pages multiply. */
export const mostRows = 50_000

type Measure = { depth: number; fields: number; rows: number }
type Fragments = ReadonlyMap<string, FragmentDefinitionNode>

const pageOf = (value: ValueNode | undefined, variables: Record<string, unknown>): number | null => {
  if (value === undefined) return null
  if (value.kind === Kind.INT) return Number(value.value)
  if (value.kind !== Kind.VARIABLE) return null
  const given = variables[value.name.value]
  return typeof given === 'number' ? given : null
}

/**
 * Measures a selection: depth, fields, and rows it can bring (`pages` is how often it is asked for).
 *
 * Stops counting once a limit is passed, so that a document made to explode costs no more than one that does not.
 */
function measure(
  set: SelectionSetNode,
  fragments: Fragments,
  variables: Record<string, unknown>,
  pages: number,
  into: Measure,
  depth: number,
): void {
  if (depth > deepest || into.fields > mostFields || into.rows > mostRows) {
    into.depth = Math.max(into.depth, depth)
    return
  }
  for (const selection of set.selections) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = fragments.get(selection.name.value)
      if (fragment !== undefined) measure(fragment.selectionSet, fragments, variables, pages, into, depth)
      continue
    }
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      measure(selection.selectionSet, fragments, variables, pages, into, depth)
      continue
    }
    if (selection.name.value.startsWith('__')) continue
    into.fields++
    into.depth = Math.max(into.depth, depth)
    if (selection.selectionSet === undefined) continue
    const isConnection = selection.selectionSet.selections.some(
      (child) => child.kind !== Kind.FIELD || child.name.value === 'nodes' || child.name.value === 'edges',
    )
    const argument = (name: string) => selection.arguments?.find((given) => given.name.value === name)?.value
    const page = pageOf(argument('first'), variables) ?? pageOf(argument('last'), variables) ?? defaultPage
    const inner = isConnection ? pages * page : pages
    if (isConnection) into.rows += inner
    measure(selection.selectionSet, fragments, variables, inner, into, depth + 1)
  }
}

/** Measures a whole document with its variables. */
export function measureDocument(document: DocumentNode, variables: Record<string, unknown>): Measure {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  const into: Measure = { depth: 0, fields: 0, rows: 0 }
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) {
      measure(definition.selectionSet, fragments, variables, 1, into, 1)
    }
  }
  return into
}

type Refusal = { message: string; code: string; hint: string }

/** Why a query of this measure is refused, or null. */
export function refusalOf({ depth, fields, rows }: Measure): Refusal | null {
  const refuse = (message: string, hint: string) => ({ message, code: 'PC422', hint })
  if (depth > deepest)
    return refuse(`the query nests deeper than ${deepest} fields`, 'Ask in several queries.')
  if (fields > mostFields)
    return refuse(`the query names more than ${mostFields} fields`, 'Ask in several queries.')
  if (rows > mostRows) {
    return refuse(
      `the query asks for up to ${rows} rows, at most ${mostRows} are given`,
      'Ask for smaller pages with first; pages within pages multiply.',
    )
  }
  return null
}

/** Refuses what is too deep or too wide whatever its variables; the answer is kept with the parsed document. */
const shapeRule: ValidationRule = (context: ValidationContext): ASTVisitor => ({
  Document(document) {
    const refusal = refusalOf({ ...measureDocument(document, {}), rows: 0 })
    if (refusal === null) return
    const { message, ...extensions } = refusal
    context.reportError(new GraphQLError(message, { extensions }))
  },
})

/** Bounds every query before it is planned or run: V5 has no limit of its own. */
export const queryLimitPlugin: GraphileConfig.Plugin = {
  name: 'ParcelleQueryLimitPlugin',
  description: 'Refuses queries that are too deep, too wide or ask for too many rows',
  version: '1.0.0',
  grafserv: {
    middleware: {
      setPreset(next, event) {
        event.validationRules.push(shapeRule)
        return next()
      },
    },
  },
  grafast: {
    middleware: {
      execute(next, { args }) {
        const refusal = refusalOf(measureDocument(args.document, args.variableValues ?? {}))
        if (refusal === null) return next()
        const { message, ...extensions } = refusal
        return { errors: [new GraphQLError(message, { extensions })] }
      },
    },
  },
}
