import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type Politeness, ScrapeRefusal } from './adapter.ts'
import type { Call } from './politeness.ts'
import { isUnreachable, type Robots, readRobots } from './robots.ts'

const stateSchema = z.object({
  now: z.number(),
  resumes: z.number().nullable(),
  probe: z.number().nullable(),
  is_probing: z.boolean(),
  failures: z.number(),
})
const seenSchema = stateSchema.extend({
  interval: z.number().nullable(),
  robots: z.object({ status: z.number(), text: z.string().nullable(), expires: z.number() }).nullable(),
})
const takenSchema = stateSchema.extend({ slots: z.array(z.number()), is_probe: z.boolean().default(false) })
type State = z.infer<typeof stateSchema>

/** A robots.txt as it was answered, and for how many seconds it holds. */
export interface KeptRobots {
  status: number
  text: string | null
  seconds: number
}

/** One host, as this process knows it. */
export interface Host {
  /** Its name, with its port where it is not the usual one. */
  name: string
  /** What robots.txt says; null until it has been read, or when that is too long ago. */
  robots(): (Robots & { isUnreachable: boolean }) | null
  ready(): Promise<Robots & { isUnreachable: boolean }>
  /** Waits until one request may go. ScrapeRefusal: circuit_open, or unavailable for a rest that is too long. */
  turn(): Promise<void>
  tell: (answer: Parameters<Politeness['tell']>[1]) => Promise<void>
}

/** What a host needs to know of who asks it. */
export interface HostOptions {
  call: Call
  signal: AbortSignal
  host: string
  /** Seconds between requests that the caller asks for himself; null for none. */
  interval: number | null
  circuitSeconds?: number
  longestRest?: number
  waits: { count: number; milliseconds: number }
  loadRobots(host: Host): Promise<KeptRobots>
}

/** Milliseconds after its instant at which a slot is no longer used. */
const lateness = 50
/** Milliseconds for which what was seen of a host holds: before each request, and where there is no rate. */
const freshness = { paced: 5, free: 200 }

/** Until when hosts rest, by this process's clock: what one scrape is told all others here know at once. */
const resting = new Map<string, number>()

/** Makes the gate in front of one host. See createPoliteness. */
export function createHost(options: HostOptions): Host {
  const { call, signal, host: name, interval, waits } = options
  const longestRest = (options.longestRest ?? 600) * 1000
  const waiters: { resolve(): void; reject(error: unknown): void }[] = []
  let slots: number[] = []
  let state: State = { now: 0, resumes: null, probe: null, is_probing: false, failures: 0 }
  let seenAt = Number.NEGATIVE_INFINITY
  let pace: number | null = interval ?? 1
  let isProbe = false
  let isPumping = false
  let looking: Promise<void> | null = null
  let robots: (Robots & { isUnreachable: boolean; expires: number }) | null = null
  let loading: Promise<Robots & { isUnreachable: boolean }> | null = null
  // The database's clock, as this process reads its own: the reading with the shortest way there and back.
  let clock = { offset: Date.now() - performance.now(), error: Number.POSITIVE_INFINITY, at: 0 }
  const now = () => performance.now() + clock.offset
  // What the way to the database and back takes: a slot has to be taken, and looked at, that much earlier.
  let trip = 0

  async function ask<T extends State>(
    schema: z.ZodType<T>,
    text: string,
    values: readonly unknown[],
  ): Promise<T> {
    const sent = performance.now()
    const [row] = await call<{ answer: unknown }>(text, values)
    const received = performance.now()
    const answer = schema.parse(row?.answer)
    const error = (received - sent) / 2
    trip = Math.max(received - sent, trip / 2)
    if (error <= clock.error || received - clock.at > 60_000) {
      clock = { offset: answer.now - (sent + received) / 2, error, at: received }
    }
    state = answer
    seenAt = received
    return answer
  }
  const look = async (): Promise<void> =>
    void (await ask(stateSchema, 'select app_private.look_at_request_host($1) as answer', [name]))

  async function see() {
    const seen = await ask(seenSchema, 'select app_private.see_request_host($1, $2) as answer', [
      name,
      interval,
    ])
    pace = seen.interval
    return seen
  }

  function keepRobots(status: number, text: string | null, expires: number) {
    const read = readRobots(`http://${name}`, status, text)
    robots = { ...read, isUnreachable: isUnreachable(status), expires, isAllowed: allowing(read, name) }
    return robots
  }

  async function load() {
    const seen = await see()
    if (seen.robots) return keepRobots(seen.robots.status, seen.robots.text, seen.robots.expires)
    const kept = await options.loadRobots(host)
    const made = keepRobots(kept.status, kept.text, now() + kept.seconds * 1000)
    // A Crawl-delay counts from here on.
    await see()
    return made
  }

  const restsUntil = () => Math.max(state.resumes ?? 0, (resting.get(name) ?? 0) + clock.offset)
  const isResting = () => restsUntil() > now()

  function refusal(): ScrapeRefusal | null {
    if (restsUntil() - now() > longestRest) {
      const until = new Date(restsUntil()).toISOString()
      return new ScrapeRefusal('unavailable', `${name} wants to be left alone until ${until}`)
    }
    if (state.probe !== null && state.probe > now() && !state.is_probing) {
      const seconds = (state.probe - now()) / 1000
      return new ScrapeRefusal(
        'circuit_open',
        `${name} failed too often: it is left alone for ${Math.ceil(seconds)} s`,
        {
          retrySeconds: seconds,
        },
      )
    }
    return null
  }

  const pause = (milliseconds: number) => sleep(Math.max(0, milliseconds), undefined, { signal })

  /** Lets those who wait go one by one, each in a slot of its own. */
  async function pump(): Promise<void> {
    isPumping = true
    try {
      while (waiters.length > 0) await letOneGo()
    } catch (error) {
      for (const waiter of waiters.splice(0)) waiter.reject(signal.aborted ? signal.reason : error)
    } finally {
      isPumping = false
    }
  }

  async function letOneGo(): Promise<void> {
    const refused = refusal()
    if (refused) {
      slots = []
      throw refused
    }
    if (isResting()) {
      slots = []
      await pause(restsUntil() - now())
      await look()
    } else if (state.probe !== null && state.probe > now()) {
      // Somebody tries whether it works again.
      await pause(200)
      await look()
    } else if (slots.length === 0) {
      const text = 'select app_private.take_request_slots($1, $2, $3, $4) as answer'
      const taken = await ask(takenSchema, text, [name, waiters.length, interval, trip / 1000])
      slots = taken.slots
      isProbe ||= taken.is_probe
    } else await use(slots[0] ?? 0)
  }

  async function use(slot: number): Promise<void> {
    for (;;) {
      await pause(slot - now() - trip)
      if (performance.now() - seenAt <= freshness.paced) break
      await look()
      if (refusal() || isResting()) return
      if (slot - now() <= trip) break
    }
    await pause(slot - now())
    slots.shift()
    // Too late to be sure that it still is alone: another one is taken.
    if (now() - slot <= lateness) waiters.shift()?.resolve()
  }

  async function queue(): Promise<void> {
    const begun = performance.now()
    const turn = new Promise<void>((resolve, reject) => waiters.push({ resolve, reject }))
    if (!isPumping) void pump()
    await turn
    const waited = performance.now() - begun
    if (waited > 5) {
      waits.count++
      waits.milliseconds += waited
    }
  }

  /** Sees how the host is doing where nobody has looked for a moment; one look for all who ask meanwhile. */
  async function glance(): Promise<void> {
    looking ??= look().finally(() => {
      looking = null
    })
    await looking
  }

  const host: Host = {
    name,
    robots: () => (robots !== null && robots.expires > now() ? robots : null),
    ready() {
      loading ??= load().finally(() => {
        loading = null
      })
      return loading
    },
    async turn() {
      if (pace === null && performance.now() - seenAt > freshness.free) await glance()
      if (pace !== null || state.probe !== null || isResting()) await queue()
    },
    async tell(answer) {
      const probe = isProbe
      isProbe = false
      const outcome = outcomeOf(answer)
      const isNews = state.failures > 0 || state.probe !== null || (state.resumes !== null && !isResting())
      if (outcome === 'fine' && !probe && !isNews) return
      const rest = 'status' in answer ? restSeconds(answer.retryAfter) : null
      // Known here before the database knows, so that nobody of this process goes on meanwhile.
      if (outcome === 'rest') {
        const until = performance.now() + (rest ?? 5) * 1000
        resting.set(name, Math.max(resting.get(name) ?? 0, until))
      }
      await ask(stateSchema, 'select app_private.tell_request_host($1, $2, $3, $4, $5) as answer', [
        name,
        outcome,
        rest,
        probe,
        options.circuitSeconds ?? 30,
      ])
    },
  }
  return host
}

/** The rules of a robots.txt, which were read for the host's name under http, for addresses of either kind. */
function allowing(robots: Robots, name: string): Robots['isAllowed'] {
  return (url) => robots.isAllowed(new URL(url.pathname + url.search, `http://${name}`))
}

type Outcome = 'fine' | 'rest' | 'failed'

function outcomeOf(answer: Parameters<Politeness['tell']>[1]): Outcome {
  if ('error' in answer) {
    const { error } = answer
    const isOurs = error instanceof ScrapeRefusal && !['timeout', 'unavailable'].includes(error.reason)
    return isOurs ? 'fine' : 'failed'
  }
  if (answer.status === 429 || answer.status === 503) return 'rest'
  return answer.status >= 500 ? 'failed' : 'fine'
}

/**
 * Seconds of rest that a Retry-After asks for, as a number or a date; null where it says nothing that can be read. More
 * than a day counts as a day.
 */
export function restSeconds(said: string | null, present = Date.now()): number | null {
  const text = said?.trim() ?? ''
  if (text === '') return null
  // A date knows whole seconds only.
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : (Date.parse(text) - present) / 1000 + 1
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), 86_400) : null
}
