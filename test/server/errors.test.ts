import '../../server/graphile-env.ts'
import pino from 'pino'
import { GraphQLError } from 'postgraphile/graphql'
import t from 'tap'
import { createErrorMask, publicError } from '../../server/errors.ts'
import { database } from '../lib/database.ts'
import { serve } from './lib/serve.ts'

const databaseError = (code: string, message: string, hint?: string) =>
  Object.assign(new Error(message), { code, hint })

t.test('errors of our own class pass with message, code and hint', async (t) => {
  t.strictSame(publicError(databaseError('PC404', 'release 1999 does not exist', 'Look at dvf_releases.')), {
    message: 'release 1999 does not exist',
    code: 'PC404',
    hint: 'Look at dvf_releases.',
  })
})

t.test('what a caller can mend is put into words', async (t) => {
  t.match(publicError(databaseError('22008', 'date out of range')), { code: 'PC400' })
  t.match(publicError(databaseError('42501', 'permission denied for table transactions')), {
    code: 'PC403',
    message: 'not allowed to see this',
  })
  t.match(publicError(databaseError('57014', 'canceling statement')), {
    code: 'PC422',
    message: /longer than/,
  })
  t.equal(publicError(databaseError('XX000', 'secret')), null)
  t.equal(publicError(new Error('secret')), null)
})

t.test('any other error becomes an id that the log knows', async (t) => {
  const lines: string[] = []
  const mask = createErrorMask(pino({}, { write: (line: string) => void lines.push(line) }))
  const masked = mask(new GraphQLError('secret', { originalError: new Error('secret'), path: ['a'] }))
  t.notMatch(masked.message, /secret/)
  t.match(masked, { path: ['a'], extensions: { code: 'PC500', errorId: /^[\w-]{8}$/ } })
  t.match(lines.join(''), new RegExp(`${masked.extensions.errorId}`))
  t.match(lines.join(''), /secret/)
})

t.test('a function that refuses reaches the caller as it was raised', async (t) => {
  const db = await database(t)
  const { ask } = await serve(t, db)
  const answer = await ask('{ transactionsAsOf(release: "1999-01") { nodes { id } } }')
  t.match(answer.errors, [{ extensions: { code: 'PC404' } }])
  const bad = await ask('{ searchTransactions(priceMinEur: "dear") { nodes { id } } }')
  t.ok(bad.errors)
})
