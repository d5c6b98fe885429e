import { setTimeout as sleep } from 'node:timers/promises'
import type { makePgService } from 'postgraphile/adaptors/pg'

type Service = ReturnType<typeof makePgService>

const pauses = [20, 100, 400]

/**
 * Whether an error only says that a deploy went by: it waits for tables, not for functions, so a statement that was
 * being planned at that moment may find the function it began with gone, and its successor under the same name.
 */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  const { code, message } = error
  if (code === 'XX000') return /cache lookup failed|could not open relation with OID/.test(message)
  if (code === '0A000') return /cached plan must not change result type/.test(message)
  return code === '42883' || code === '42P01' || code === '40P01'
}

/** Runs a read again, a few times at growing distance, while its error is one that passes; throws any other. */
export async function retryPassing<T>(run: () => Promise<T>): Promise<T> {
  for (const pause of pauses) {
    try {
      return await run()
    } catch (error) {
      if (!isPassing(error)) throw error
      await sleep(pause)
    }
  }
  return run()
}

/**
 * The same service, whose reads are tried again when a deploy went by, so that nobody notices one.
 *
 * Only for connections that are read-only: what is run again is everything one step of a query does with its client.
 */
export function retryingService(service: Service): Service {
  const { adaptor } = service
  return {
    ...service,
    adaptor: {
      ...adaptor,
      async createWithPgClient(settings, variant) {
        const inner = await adaptor.createWithPgClient(settings, variant)
        const withPgClient: typeof inner = (pgSettings, callback) =>
          retryPassing(() => inner(pgSettings, callback))
        if (inner.release !== undefined) withPgClient.release = () => inner.release?.()
        return withPgClient
      },
    },
  }
}
