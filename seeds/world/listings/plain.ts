import { openOutput } from '../output.ts'
import { randomFrom } from '../random.ts'
import { inventAgencies } from './agencies.ts'
import { columns, csvLine, rowLine } from './columns.ts'
import { type Facts, inventFacts } from './facts.ts'
import { chooseGrounds, type Ground } from './grounds.ts'
import { dayOfNight } from './market.ts'
import { writeRow } from './writing.ts'

/** What plain file to write. */
export interface PlainOptions {
  /** Homes on the first night. */
  rows: number
  seed: string | number
  /** 1, or 2: the night after, with 1 % new homes, 2 % changed ones and 0.5 % gone. */
  night: 1 | 2
  /** The file; its folder is made. */
  out: string
}

/** What a plain file came to. */
export interface PlainFile {
  rows: number
  /** Against night 1; 0 there. */
  added: number
  changed: number
  gone: number
}

const plainInk = { form: 0, tracking: '' }

function edited(facts: Facts, index: number): Facts {
  const next = { ...facts }
  if (index % 4 === 3) {
    next.description =
      'Nouvelle présentation : visite possible dès cette semaine, dossier complet à disposition.'
  } else next.price_eur = Math.round(((facts.price_eur ?? 0) * 0.955) / 100) * 100 + 100
  return next
}

/**
 * Writes homes for sale without any error as one CSV file with the columns of the staging table, which COPY reads as it
 * is; the same rows and seed give the same bytes. Millions of rows in seconds, for measuring; there is no truth beside
 * it but the counts it returns.
 */
export function writeStagedFile({ rows, seed, night, out }: PlainOptions): PlainFile {
  const grounds = chooseGrounds(Math.max(100, rows), String(seed), 60)
  const agencies = inventAgencies(
    randomFrom(`plain/${seed}`),
    Math.max(4, Math.min(400, Math.round(rows / 250))),
  )
  const slots: Ground[] = grounds.flatMap((ground) => new Array<Ground>(ground.homes).fill(ground))
  const until = night === 1 ? rows : Math.round(rows * 1.01)
  const file = openOutput(out)
  file.line(csvLine(columns))
  const told: PlainFile = { rows: 0, added: 0, changed: 0, gone: 0 }
  for (let index = 0; index < until; index++) {
    if (night === 2 && index % 200 === 7 && index < rows) {
      told.gone++
      continue
    }
    const random = randomFrom(`${seed}/${index}`)
    const isNew = index >= rows
    const ground = slots[Math.floor(random() * slots.length)] as Ground
    const key = String(20_000_000 + index)
    const day = dayOfNight(isNew ? 1 : -(index % 150))
    let facts = inventFacts(random, ground, index + 1, key, day, agencies)
    if (night === 2 && index % 50 === 3 && !isNew) {
      facts = edited(facts, Math.floor(index / 50))
      told.changed++
    }
    if (isNew) told.added++
    file.line(rowLine(writeRow(key, facts, 'plain', plainInk)))
    told.rows++
  }
  file.close()
  return told
}
