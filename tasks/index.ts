import checkDvfRelease from './check_dvf_release.ts'
import type { DefinedTask } from './lib/defineTask.ts'
import syncSession from './sync_session.ts'

/** Every task there is. The worker runs these and no others: a folder scan would take each file for a task. */
export const tasks: readonly DefinedTask[] = [checkDvfRelease, syncSession]
