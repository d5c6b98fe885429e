import { join } from 'node:path'
import { spoil } from './bad-lines.ts'
import { isoDay, yearOf } from './calendar.ts'
import type { Deed } from './deeds.ts'
import { geoHeader, type Line, rawHeaders } from './lines.ts'
import { type Output, openOutput } from './output.ts'
import type { BadLine, Form, WorldFile } from './truth.ts'

/** How the CSV form is cut into files. */
export type GeoSplit = 'full' | 'year' | 'department'

/** Runs of lines: file, first line, number of lines. */
export type Runs = [number, number, number][]

/** A line on its way to the files, with the places where the truth notes where it went. */
export interface Entry {
  line: Line
  deed: Deed
  refs: { geo: Runs; raw: Runs; restricted: Runs }
}

interface Target {
  output: Output
  file: WorldFile
  index: number
  previous: string
}

/** The files of one release. */
export interface ReleaseFiles {
  code: 'A' | 'B'
  files: WorldFile[]
  /** Writes a line to both forms, and to the restricted extract while that is open. */
  write: (entry: Entry, restricted: boolean) => void
  /** Writes a spoilt copy of a line to both forms. */
  plant: (entry: Entry, reason: BadLine['reason']) => BadLine[]
  close: () => void
}

const years = [2020, 2021, 2022, 2023, 2024]

function note(runs: Runs, file: number, line: number): void {
  const last = runs.at(-1)
  if (last !== undefined && last[0] === file && last[1] + last[2] === line) last[2]++
  else runs.push([file, line, 1])
}

/**
 * Opens the files of a release under `folder/release-A` (or B): the CSV form as `split` says, the raw form by year. One
 * raw file of release A has no final newline and one has CRLF; the last line of release B's CSV form is not ended.
 */
export function releaseFiles(folder: string, code: 'A' | 'B', split: GeoSplit): ReleaseFiles {
  const files: WorldFile[] = []
  const targets = new Map<string, Target>()
  let mutationNumber = 0

  const target = (form: Form, name: string, header: string): Target => {
    const key = `${form}/${name}`
    const known = targets.get(key)
    if (known !== undefined) return known
    const newline = code === 'A' && name.endsWith('2021.txt') ? 'crlf' : 'lf'
    const finalNewline = !(code === 'A' ? name.endsWith('2020.txt') : form === 'geo')
    const path = `release-${code}/${key}`
    const file: WorldFile = { form, path, lines: 0, bad: 0, newline, finalNewline }
    const index = files.push(file) - 1
    const output = openOutput(join(folder, path), newline === 'crlf' ? '\r\n' : '\n', finalNewline)
    output.line(header)
    const opened: Target = { output, file, index, previous: '' }
    targets.set(key, opened)
    return opened
  }
  const rawHeader = code === 'A' ? rawHeaders.older : rawHeaders.newer
  // Opened in the order of the years, so that the manifest lists them so.
  if (split === 'full') target('geo', 'full.csv', geoHeader)
  for (const year of split === 'year' ? years : []) target('geo', `${year}.csv`, geoHeader)
  for (const year of years) target('raw', `ValeursFoncieres-${year}.txt`, rawHeader)

  const geoTarget = (deed: Deed): Target => {
    const place = deed.dispositions[0]?.parts[0]?.parcel.place
    const name = {
      full: 'full.csv',
      year: `${yearOf(deed.day)}.csv`,
      department: `${place?.department}.csv`,
    }[split]
    return target('geo', name, geoHeader)
  }
  const rawTarget = (deed: Deed): Target =>
    target('raw', `ValeursFoncieres-${yearOf(deed.day)}.txt`, rawHeader)

  const geoText = (to: Target, { line, deed }: Entry): string => {
    const cents = deed.dispositions[line.disposition]?.cents ?? ''
    const told = `${deed.day}/${cents}`
    if (told !== to.previous) mutationNumber++
    to.previous = told
    return `${isoDay(deed.day).slice(0, 4)}-${mutationNumber},${line.geo}`
  }
  const put = (to: Target, text: string): number => {
    to.file.lines++
    return to.output.line(text)
  }

  return {
    code,
    files,
    write(entry, restricted) {
      const { line, deed, refs } = entry
      const geo = geoTarget(deed)
      note(refs.geo, geo.index, put(geo, geoText(geo, entry)))
      const raw = rawTarget(deed)
      note(refs.raw, raw.index, put(raw, `|||||||${line.raw}`))
      if (!restricted) return
      const place = deed.dispositions[0]?.parts[0]?.parcel.place
      const reference = `${yearOf(deed.day)}P${String(deed.id).padStart(6, '0')}`
      const to = target('restricted', 'restricted.txt', rawHeaders.older)
      note(refs.restricted, to.index, put(to, `${place?.department}04P01|${reference}||||||${line.raw}`))
    },
    plant(entry, reason) {
      const { line, deed } = entry
      const planted: BadLine[] = []
      const geo = geoTarget(deed)
      const raw = rawTarget(deed)
      const texts = [
        ['geo', geo, spoil(geoText(geo, entry), 'geo', reason)],
        ['raw', raw, spoil(`|||||||${line.raw}`, 'raw', reason)],
      ] as const
      for (const [form, to, text] of texts) {
        to.file.bad++
        planted.push({ release: code, form, file: to.index, line: put(to, text), reason, text })
      }
      return planted
    },
    close() {
      for (const { output } of targets.values()) output.close()
    },
  }
}
