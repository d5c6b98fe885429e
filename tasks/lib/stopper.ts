import type { Stopped } from './attempts.ts'

// A task that does not stop when it is told to is left behind after this; what it still writes is refused.
const patience = 5000

/** What stops an attempt. Its signal is made when somebody asks for it. */
export type Stopper = {
  readonly why: Stopped | undefined
  readonly signal: AbortSignal
  stop(why: Stopped): void
  onStop: (() => void) | null
}

/** Makes what stops one attempt. */
export function createStopper(): Stopper {
  let why: Stopped | undefined
  let controller: AbortController | undefined
  const stopper: Stopper = {
    get why() {
      return why
    },
    get signal() {
      controller ??= new AbortController()
      if (why !== undefined) controller.abort(why)
      return controller.signal
    },
    stop(reason) {
      why ??= reason
      controller?.abort(why)
      stopper.onStop?.()
    },
    onStop: null,
  }
  return stopper
}

/** The work, or why it was stopped where it has not ended five seconds after that. */
export function abandonable<T>(work: Promise<T>, stopper: Stopper): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined
    stopper.onStop = () => {
      timer ??= setTimeout(() => reject(stopper.why), patience)
    }
    work.then(
      (value) => {
        clearTimeout(timer)
        resolve(value)
      },
      (error) => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
}
