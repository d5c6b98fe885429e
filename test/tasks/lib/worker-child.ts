import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import { parseConfig } from '../../../server/config.ts'
import { tasks } from '../../../tasks/index.ts'
import { startWorker } from '../../../tasks/worker.ts'
import { testTask } from './pipelines.ts'

// A worker in a process of its own, to be stopped and killed: its task `slow` leaves a file when it begins and takes as
// long as its params say.

const [url = '', heartbeat = '1', folder = ''] = process.argv.slice(2)

const slow = testTask('slow', async ({ ms, n }) => {
  writeFileSync(`${folder}/begun-${n ?? ''}`, String(process.pid))
  await sleep(ms as number)
  return { result: { by: process.pid }, itemCount: 1 }
})

const worker = await startWorker({
  config: { ...parseConfig({}), workerConcurrency: 4, workerHeartbeat: Number(heartbeat) },
  log: pino({ level: 'silent' }),
  db: { ownerUrl: url },
  defined: [...tasks, slow],
})
console.log('works')
process.on('SIGTERM', () => void worker.close().then(() => process.exit(0)))
