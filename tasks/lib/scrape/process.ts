import { statFields } from '../../../server/postgres/processes.ts'

/** Whether a process of this machine runs, its own or somebody else's. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** When a process began, in ticks of the machine's clock; null where there is no telling, or no such process. */
export function birthOf(pid: number): string | null {
  return statFields(pid)?.[19] ?? null
}
