import pino from 'pino'
import type { Test } from 'tap'
import { z } from 'zod'
import { startServer } from '../../../server/main.ts'
import type { TestDatabase } from '../../lib/database.ts'

const answerShape = z.object({
  data: z.unknown().optional(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        path: z.array(z.union([z.string(), z.number()])).optional(),
        extensions: z
          .object({
            code: z.string().optional(),
            hint: z.string().optional(),
            errorId: z.string().optional(),
          })
          .optional(),
      }),
    )
    .optional(),
})

/** What GraphQL answered. */
export type Answer = z.output<typeof answerShape>

/** A server over a test's database. `log` holds the lines it logged, parsed. */
export type TestServer = {
  url: string
  log: Record<string, unknown>[]
  ask(query: string, variables?: Record<string, unknown>): Promise<Answer>
}

/** Starts a server for a test on a free port of an address (loopback unless said); it is closed when the test ends. */
export async function serve(
  t: Test,
  db: TestDatabase,
  host = '127.0.0.1',
  loopbackRole: 'analyst' | 'operator' = 'analyst',
): Promise<TestServer> {
  const lines: Record<string, unknown>[] = []
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const server = await startServer({
    config: { host, port: 0, nodeEnv: 'test', loopbackRole },
    log,
    db: { serverUrl: db.serverUrl },
  })
  t.teardown(() => server.close())
  const url = server.url.replace('0.0.0.0', '127.0.0.1')
  return {
    url,
    log: lines,
    ask: async (query, variables = {}) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      })
      return answerShape.parse(await response.json())
    },
  }
}
