/** Nothing came in time. */
export class Late extends Error {}

/**
 * What comes in time; a page may be stuck so that nothing of it ever ends. What fails later fails silently.
 *
 * Late: nothing came.
 */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Late(`nothing for ${milliseconds} ms`)), milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
    work.catch(() => {})
  }
}
