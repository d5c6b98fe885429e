import { z } from 'zod'

/** One line of the bench's answer: times in seconds, and what must not be exceeded. */
export const findingSchema = z.object({
  bench: z.string(),
  ours_s: z.number(),
  floor_s: z.number(),
  ratio: z.number(),
  bar: z.number(),
  rows: z.int(),
  peer_s: z.number().optional(),
})

/** One line of the bench's answer. */
export type Finding = z.infer<typeof findingSchema>

/** The middle of some measurements; with an even number the higher of the two in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** Seconds that something takes by the clock on the wall. */
export async function seconds(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await run()
  return (performance.now() - started) / 1000
}

/** Rounded as it is printed: to three decimals. */
export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}

/** A finding from the measurements of several rounds: medians, and the ratio of the medians. */
export function findingOf(
  bench: string,
  bar: number,
  rows: number,
  times: { ours: readonly number[]; floor: readonly number[]; peer?: readonly number[] },
): Finding {
  const [ours, floor] = [median(times.ours), median(times.floor)]
  return {
    bench,
    ours_s: rounded(ours),
    floor_s: rounded(floor),
    ratio: rounded(ours / floor),
    bar,
    rows,
    ...(times.peer === undefined || times.peer.length === 0 ? {} : { peer_s: rounded(median(times.peer)) }),
  }
}
