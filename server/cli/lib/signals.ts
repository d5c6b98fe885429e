/** Why a signal was aborted: the process was told to end. */
export class Interrupted extends Error {
  readonly exitCode: number

  constructor(name: string, number: number) {
    super(`interrupted (${name})`)
    this.name = 'Interrupted'
    this.exitCode = 128 + number
  }
}

const signals = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const

/**
 * Turns the first ctrl-C, SIGTERM or SIGHUP into an aborted signal, so that work under way can roll back and give
 * back its lease; a second one ends the process at once. Returns the signal and how to stop listening.
 */
export function listenForSignals(note: (text: string) => void): { signal: AbortSignal; stop(): void } {
  const controller = new AbortController()
  let first = 0
  const listeners = Object.entries(signals).map(([name, number]) => {
    const listener = () => {
      if (first === 0) {
        first = Date.now()
        note(`${name === 'SIGINT' ? '\n' : ''}stopping; once more ends it at once`)
        controller.abort(new Interrupted(name, number))
        // npm passes a terminal's ctrl-C on a second time, within milliseconds.
      } else if (Date.now() - first > 1000) process.exit(128 + number)
    }
    process.on(name, listener)
    return { name, listener }
  })
  return {
    signal: controller.signal,
    stop() {
      for (const { name, listener } of listeners) process.off(name, listener)
    },
  }
}
