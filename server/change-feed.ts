import './graphile-env.ts'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { SafeError } from 'postgraphile/grafast'
import { z } from 'zod'

/** A change of a live home, as `change_events_since` gives it; positions and ids are whole numbers in text. */
const changeSchema = z.object({
  position: z.string(),
  kind: z.string(),
  property_id: z.string(),
  source: z.string(),
  insee_code: z.string().nullable(),
  property_type: z.string(),
  field_name: z.string().nullable(),
  old_value: z.unknown(),
  new_value: z.unknown(),
  magnitude: z.number().nullable(),
  confidence: z.number().nullable(),
  changed_at: z.string(),
  session_id: z.string().nullable(),
  changed_by: z.string(),
})

/** A change of a live home with its position. */
export type LiveChange = z.infer<typeof changeSchema>

/**
 * Where to begin (a position; now when null), which changes (as the filter of `change_events_since`), and whether to end
 * when nothing more has been committed.
 */
export type FollowOptions = {
  since: string | null
  filter: Record<string, string[]>
  endsWhenRead?: boolean | undefined
}

/** Gives changes to any number of followers, for as long as they want them. */
export type ChangeFeed = {
  /** Every change after a position in order, those to come included. Throws what the database refuses (a bad filter). */
  follow(options: FollowOptions): AsyncIterableIterator<LiveChange>
  /** Ends all followers and closes the connection that listens. */
  close(): Promise<void>
}

const pageSize = 500
/** Milliseconds after which a follower looks without having been called, should a notification have been lost. */
const lookAgain = 30_000

const headQuery = `select coalesce(max(b.last_position), 0)::text as head
  from app_public.change_batches as b where b.first_position is not null`

const pageQuery = `select e.position::text, e.kind::text, e.property_id::text, e.source, e.insee_code,
    e.property_type::text, e.field_name, e.old_value, e.new_value, e.magnitude, e.confidence,
    to_json(e.changed_at) #>> '{}' as changed_at, e.session_id::text, e.changed_by
  from app_public.change_events_since($1, ${pageSize}, $2) as e`

/**
 * A feed of changes over a pool of the primary (a replica may lag behind the notification).
 *
 * One more connection listens to `parcelle_changes` once somebody follows. A notification only says that there is more:
 * changes are always read from the follower's own position on, so that a lost connection, a restart of PostgreSQL or of
 * this server skips none.
 */
export function createChangeFeed(
  pool: pg.Pool,
  connectionString: string,
  onError: (error: Error) => void,
): ChangeFeed {
  const waiting = new Set<() => void>()
  let listener: Promise<pg.Client> | undefined
  let isClosed = false

  const wakeAll = () => {
    for (const wake of waiting) wake()
  }

  const listen = (): Promise<pg.Client> => {
    if (listener !== undefined) return listener
    const client = new pg.Client({ connectionString, application_name: 'parcelle changes', keepAlive: true })
    const lose = (error: Error) => {
      // Told of by an error, by its end, or by both.
      if (listener !== connected || isClosed) return
      listener = undefined
      onError(error)
      void client.end().catch(() => {})
      wakeAll()
    }
    const connected = (async () => {
      await client.connect()
      await client.query('listen parcelle_changes')
      return client
    })()
    listener = connected
    client.on('error', lose)
    client.on('end', () => lose(new Error('the connection that listens for changes has ended')))
    client.on('notification', wakeAll)
    connected.catch(lose)
    return connected
  }

  async function* read(
    { since, filter, endsWhenRead }: FollowOptions,
    sleep: () => Promise<void>,
    isStopped: () => boolean,
  ): AsyncGenerator<LiveChange, undefined> {
    if (since !== null && !/^\d{1,18}$/.test(since)) {
      throw new SafeError(`since is ${since}, expected a position`, {
        code: 'PC400',
        hint: 'Give the position of the last change you have dealt with, or 0 for all there ever were.',
      })
    }
    let cursor = since
    while (!isStopped()) {
      // Listening begins before reading, so that what is committed in between is heard of.
      const rested = sleep()
      if (!isStopped()) await listen().catch(() => delay(1000))
      const { rows: heads } = await pool.query<{ head: string }>(headQuery)
      const head = heads[0]?.head ?? '0'
      cursor ??= head
      const { rows } = await pool.query(pageQuery, [cursor, JSON.stringify(filter)])
      for (const row of rows) {
        if (isStopped()) return
        const change = changeSchema.parse(row)
        yield change
        cursor = change.position
      }
      if (rows.length === pageSize) continue
      if (endsWhenRead === true) return
      // What the filter left out needs not be read again.
      if (BigInt(head) > BigInt(cursor)) cursor = head
      await rested
    }
  }

  return {
    follow(options) {
      let isStopped = false
      let wake = () => {}
      const sleep = () =>
        new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, lookAgain)
          waiting.delete(wake)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
          waiting.add(wake)
        })
      const stop = () => {
        isStopped = true
        wake()
        waiting.delete(wake)
      }
      const changes = read(options, sleep, () => isStopped || isClosed)
      return {
        [Symbol.asyncIterator]() {
          return this
        },
        next: async () => {
          const result = await changes.next().catch((error: unknown) => {
            stop()
            throw error
          })
          if (result.done === true) stop()
          return result
        },
        // A generator that sleeps would only end when it wakes.
        return: async () => {
          stop()
          await changes.return(undefined)
          return { done: true, value: undefined }
        },
      }
    },
    async close() {
      isClosed = true
      wakeAll()
      const client = await listener?.catch(() => undefined)
      await client?.end().catch(() => {})
    },
  }
}
