import Table from 'cli-table3'
import { type Progress, type ProgressSink, startProgress } from './progress.ts'

/** What a command says: results on stdout, as text or JSON; everything on the way on stderr. */
export type Output = {
  /** Whether `--json` was given. */
  readonly json: boolean
  /** The command's one result: a JSON document with `--json`, else the text. Call it once. */
  result(value: unknown, text: string | (() => string)): void
  /** One item of a stream: a JSON line with `--json`, else the text. */
  item(value: unknown, text: string | (() => string)): void
  /** Something worth knowing on the way, as a line on stderr. */
  note(text: string): void
  /** Shows progress of long work on stderr. `total` 0 or absent: unknown; `unit` in the plural, "lines" unless said. */
  progress(name: string, total?: number, unit?: string): Progress
}

const replacer = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? Number(value) : value

/** Makes an output; `isJson` is asked at each use, since options are parsed after it is made. */
export function createOutput(
  isJson: () => boolean,
  stdout: NodeJS.WritableStream = process.stdout,
  stderr: ProgressSink = process.stderr,
): Output {
  const say = (value: unknown, text: string | (() => string), indent: number) => {
    if (isJson()) stdout.write(`${JSON.stringify(value, replacer, indent)}\n`)
    else stdout.write(`${typeof text === 'string' ? text : text()}\n`)
  }
  return {
    get json() {
      return isJson()
    },
    result: (value, text) => say(value, text, 2),
    item: (value, text) => say(value, text, 0),
    note: (text) => {
      stderr.write(`${text}\n`)
    },
    progress: (name, total = 0, unit = 'lines') => startProgress(name, total, unit, stderr),
  }
}

/**
 * A plain table of text; without a head when all its titles are empty. Columns whose cells are all numbers are aligned to the right.
 *
 * @param rows one array of cells per row; null and undefined are shown as nothing.
 */
export function formatTable(head: string[], rows: unknown[][]): string {
  const isNumeric = (column: number) =>
    rows.length > 0 &&
    rows.every((row) => row[column] == null || /^-?[\d.,\s]+( ?%)?$/.test(String(row[column])))
  const table = new Table({
    head: head.some((title) => title !== '') ? head : [],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1 },
    colAligns: head.map((_, column) => (isNumeric(column) ? 'right' : 'left')),
    chars: {
      ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '', mid: '', 'left-mid': '', 'mid-mid': '' },
      ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '', 'right-mid': '' },
      ...{ left: '', right: '', middle: ' ' },
    },
  })
  for (const row of rows) table.push(row.map((cell) => (cell == null ? '' : String(cell))))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}
