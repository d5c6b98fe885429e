import { Presets, SingleBar } from 'cli-progress'
import { formatBytes, formatDuration, formatNumber } from './numbers.ts'

/** A running display of long work. Updating it is cheap: it redraws a few times a second at most. */
export type Progress = {
  /** `done` so far; `total` when it is known better than before; `note` is shown at the end of the line. */
  update(done: number, extra?: { total?: number | undefined; note?: string | undefined }): void
  /** Ends the display; `done` is the final count when given. A second call does nothing. */
  stop(done?: number): void
}

/** Where progress goes: stderr, or something like it in tests. */
export type ProgressSink = NodeJS.WritableStream & { isTTY?: boolean }

const plain = (n: number, unit: string) => (unit === 'bytes' ? formatBytes(n) : formatNumber(n))
const count = (n: number, unit: string) => (unit === 'bytes' ? formatBytes(n) : `${formatNumber(n)} ${unit}`)

function describe(
  name: string,
  unit: string,
  done: number,
  total: number,
  begun: number,
  note: string,
): string {
  const seconds = (Date.now() - begun) / 1000
  const rate = seconds > 0 ? done / seconds : 0
  const share = total > 0 ? ` (${Math.floor((100 * done) / total)} %)` : ''
  // Nothing to count, or nothing yet: how long it has taken is all there is to say.
  if (total === 0 && done === 0) return `${name}: ${formatDuration(seconds)}${note === '' ? '' : `, ${note}`}`
  const parts = [total > 0 ? `${plain(done, unit)} of ${count(total, unit)}${share}` : count(done, unit)]
  if (done > 0) parts.push(`${plain(rate, unit)}/s`)
  if (total > done && rate > 0) parts.push(`${formatDuration((total - done) / rate)} left`)
  if (note !== '') parts.push(note)
  return `${name}: ${parts.join(', ')}`
}

function bar(name: string, unit: string, firstTotal: number, sink: ProgressSink): Progress {
  const begun = Date.now()
  let total = firstTotal
  let note = ''
  const shown = new SingleBar(
    {
      stream: sink,
      hideCursor: true,
      clearOnComplete: false,
      fps: 8,
      barsize: 24,
      format: (options, params) => {
        const complete = params.total > 0 ? Math.min(1, params.value / params.total) : 0
        const filled = Math.round(complete * (options.barsize ?? 24))
        if (total === 0) return describe(name, unit, params.value, 0, begun, note)
        const cells = '█'.repeat(filled) + '░'.repeat((options.barsize ?? 24) - filled)
        return `${cells} ${describe(name, unit, params.value, total > 0 ? params.total : 0, begun, note)}`
      },
    },
    Presets.shades_classic,
  )
  shown.start(Math.max(total, 1), 0)
  return {
    update(done, extra) {
      if (extra?.total !== undefined) {
        total = extra.total
        shown.setTotal(Math.max(total, 1))
      }
      if (extra?.note !== undefined) note = extra.note
      shown.update(done)
    },
    stop(done) {
      if (done !== undefined) {
        if (total > 0) shown.setTotal(Math.max(done, 1))
        shown.update(done)
      }
      shown.stop()
    },
  }
}

function lines(name: string, unit: string, firstTotal: number, sink: ProgressSink): Progress {
  const begun = Date.now()
  let saidAt = begun
  let last = 0
  let total = firstTotal
  let note = ''
  return {
    update(done, extra) {
      last = done
      total = extra?.total ?? total
      note = extra?.note ?? note
      if (Date.now() - saidAt < 2000) return
      saidAt = Date.now()
      sink.write(`${describe(name, unit, done, total, begun, note)}\n`)
    },
    stop(done = last) {
      const seconds = (Date.now() - begun) / 1000
      if (done === 0) {
        sink.write(`${name}: ${formatDuration(seconds)}\n`)
        return
      }
      const rate = seconds > 0 ? `, ${plain(done / seconds, unit)}/s` : ''
      sink.write(`${name}: ${count(done, unit)} in ${formatDuration(seconds)}${rate}\n`)
    },
  }
}

/**
 * Begins to show progress: a bar with count, rate and time left on a terminal, else a line every two seconds.
 *
 * @param unit what is counted, in the plural; "bytes" are shown as kB, MB and GB.
 * @param total how many there will be, 0 when unknown.
 */
export function startProgress(name: string, total: number, unit: string, sink: ProgressSink): Progress {
  const shown = sink.isTTY ? bar(name, unit, total, sink) : lines(name, unit, total, sink)
  let isStopped = false
  return {
    update: shown.update,
    stop(done) {
      if (isStopped) return
      isStopped = true
      shown.stop(done)
    },
  }
}
