import checkDvfRelease from './check_dvf_release.ts'
import downloadDvf from './download_dvf.ts'
import importDvfRelease from './import_dvf_release.ts'
import type { DefinedTask } from './lib/defineTask.ts'
import refreshCity from './refresh_city.ts'
import runSqlStage from './run_sql_stage.ts'
import scrape from './scrape.ts'
import startDueScrapes from './start_due_scrapes.ts'
import startPipeline from './start_pipeline.ts'
import syncSession from './sync_session.ts'

/** Every task there is. The worker runs these and no others: a folder scan would take each file for a task. */
export const tasks: readonly DefinedTask[] = [
  checkDvfRelease,
  downloadDvf,
  importDvfRelease,
  refreshCity,
  runSqlStage,
  scrape,
  startDueScrapes,
  startPipeline,
  syncSession,
]
