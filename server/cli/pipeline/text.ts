import { formatCount, formatDuration, formatNumber } from '../lib/numbers.ts'
import { formatTable } from '../lib/output.ts'
import { isOver, type RunState, type StageState } from './shape.ts'

const width = 16

function bar(done: number, total: number): string {
  const filled = total === 0 ? 0 : Math.round((width * done) / total)
  return '█'.repeat(filled) + '░'.repeat(width - filled)
}

/** What a run's state is called: paused and being called off are states of their own to a reader. */
export function stateOf(run: RunState): string {
  if (isOver(run)) return run.status
  if (run.cancel_requested_at !== null) return 'cancelling'
  return run.paused_at === null ? run.status : 'paused'
}

/** A short duration: tenths of a second while it is short. */
export function formatAge(seconds: number | null): string {
  if (seconds === null) return ''
  return seconds < 10 ? `${Number(seconds).toFixed(1)} s` : formatDuration(Number(seconds))
}

function paramsOf(run: RunState): string {
  const params = Object.entries(run.params).map(([key, value]) =>
    typeof value === 'object' ? `${key}=${JSON.stringify(value)}` : `${key}=${value}`,
  )
  return params.length === 0 ? '' : ` (${params.join(', ')})`
}

function stageLine(stage: StageState, widest: number): string {
  const name = stage.stage.padEnd(widest)
  if (stage.status === 'skipped') return `  ${name}  left out`
  if (stage.status === 'waiting') return `  ${name}  ${bar(0, 1)}  waits`
  const parts = [`${formatNumber(stage.done_count)}/${formatNumber(stage.task_count)}`]
  if (stage.failed_count > 0) parts.push(`${formatNumber(stage.failed_count)} failed`)
  if (stage.item_count > 0 || stage.failed_item_count > 0) {
    const failed = stage.failed_item_count > 0 ? `, ${formatNumber(stage.failed_item_count)} not` : ''
    parts.push(`${formatCount(stage.item_count, 'item')}${failed}`)
  }
  const shown = stage.task_count === 0 ? bar(1, 1) : bar(stage.done_count, stage.task_count)
  const what = stage.task_count === 0 && stage.status === 'succeeded' ? 'nothing to do' : parts.join(', ')
  return `  ${name}  ${shown}  ${stage.status}, ${what}, ${formatAge(stage.seconds)}`
}

/** A run with its stages and the tasks at work, as several lines. */
export function describeRun(run: RunState): string {
  const widest = Math.max(...run.stages.map(({ stage }) => stage.length), 0)
  const lines = [
    `run ${run.id} of ${run.pipeline}${paramsOf(run)}: ${stateOf(run)}, ${formatAge(run.seconds) || 'not begun'}`,
  ]
  for (const stage of run.stages) {
    lines.push(stageLine(stage, widest))
    for (const task of stage.running) {
      const again = task.attempt > 1 ? `, attempt ${task.attempt}` : ''
      lines.push(
        `  ${' '.repeat(widest)}  · ${task.item || `task ${task.task}`}: ${formatAge(task.seconds)}${again}`,
      )
    }
  }
  if (run.error !== null) lines.push(`  ${run.error}`)
  return lines.join('\n')
}

/** Runs as a table, one to a line. */
export function describeRuns(runs: RunState[]): string {
  if (runs.length === 0) return 'no run yet; begin one with: parcelle pipeline run NAME'
  return formatTable(
    ['run', 'pipeline', 'state', 'stages', 'tasks', 'took', 'error'],
    runs.map((run) => {
      const stages = run.stages.filter(({ status }) => status !== 'skipped')
      const done = stages.filter(({ status }) => status === 'succeeded').length
      const sum = (of: (stage: StageState) => number) => stages.reduce((all, stage) => all + of(stage), 0)
      const tasks = `${formatNumber(sum((s) => s.done_count))}/${formatNumber(sum((s) => s.task_count))}`
      const error = (run.error ?? '').replace(/\s+/g, ' ')
      const short = error.length > 60 ? `${error.slice(0, 59)}…` : error
      return [
        run.id,
        run.pipeline,
        stateOf(run),
        `${done}/${stages.length}`,
        tasks,
        formatAge(run.seconds),
        short,
      ]
    }),
  )
}
