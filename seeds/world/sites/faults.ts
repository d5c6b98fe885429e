import { z } from 'zod'
import { hashText } from '../random.ts'

/** What may go wrong with an answer. */
export const faultKinds = [
  'too_many',
  'error',
  'slow',
  'truncated',
  'layout',
  'challenge',
  'login',
  'reset',
] as const

/** What may go wrong with an answer. */
export type FaultKind = (typeof faultKinds)[number]

/** How one thing goes wrong: for a share of the requests, for some by their number, or for both. */
export interface FaultRule {
  kind: FaultKind
  /** 0 to 1: drawn for each request by seed, path and how often that path has been asked, whatever the order. */
  share?: number
  /** Numbers of requests, counted from 1 over all but robots.txt. */
  at?: readonly number[]
  /** Only paths (with their query) that match this regular expression; all but robots.txt unless told. */
  path?: string
  /** `too_many` and `error`: what Retry-After says; 1 and none by default. A text is sent as it is: a date, nonsense. */
  retryAfter?: number | string
  /** `slow`: how long the answer is held back; 500 by default. */
  milliseconds?: number
  /** The answer's status: `error` 500, `challenge` 403 and `login` 200 by default; 302 sends to a login page. */
  status?: number
  /** `truncated`: the cut page is sent as if it were whole, instead of breaking the connection off. */
  isQuiet?: boolean
}

/** Everything that goes wrong with a site; the first rule that applies to a request decides. */
export type FaultPlan = readonly FaultRule[]

/** A plan as JSON. */
export const faultPlanSchema: z.ZodType<FaultPlan> = z.array(
  z.strictObject({
    kind: z.enum(faultKinds),
    share: z.number().min(0).max(1).optional(),
    at: z.array(z.int().positive()).optional(),
    path: z.string().optional(),
    retryAfter: z.union([z.number(), z.string()]).optional(),
    milliseconds: z.number().optional(),
    status: z.int().min(200).max(599).optional(),
    isQuiet: z.boolean().optional(),
  }),
) as z.ZodType<FaultPlan>

/** Decides what goes wrong with each request. */
export interface FaultDraw {
  /** The rule for the next request, of this path with its query; null where all is well. */
  next: (path: string) => FaultRule | null
  /** Goes on with another plan; numbers are counted from 1 again. */
  setPlan: (plan: FaultPlan) => void
}

/** Whether a path is the site's robots.txt, which faults spare unless a rule's `path` matches it. */
export function isRobots(path: string): boolean {
  return path === '/robots.txt' || path.startsWith('/robots.txt?')
}

/** Draws faults from a seed: the same seed and the same requests meet the same ones. */
export function newFaults(seed: string, plan: FaultPlan): FaultDraw {
  let rules: { rule: FaultRule; at: Set<number>; path: RegExp | null }[] = []
  let count = 0
  const asked = new Map<string, number>()
  const draw: FaultDraw = {
    next(path) {
      const number = isRobots(path) ? 0 : ++count
      if (rules.length === 0) return null
      const time = (asked.get(path) ?? 0) + 1
      asked.set(path, time)
      const found = rules.find(({ rule, at, path: pattern }, index) => {
        if (pattern === null ? isRobots(path) : !pattern.test(path)) return false
        if (at.has(number)) return true
        const share = rule.share ?? 0
        return share > 0 && hashText(`${seed}/${index}/${rule.kind}/${path}/${time}`) / 4294967296 < share
      })
      return found?.rule ?? null
    },
    setPlan(next) {
      rules = next.map((rule) => ({
        rule,
        at: new Set(rule.at),
        path: rule.path === undefined ? null : new RegExp(rule.path),
      }))
      count = 0
      asked.clear()
    },
  }
  draw.setPlan(plan)
  return draw
}
