import t, { type Test } from 'tap'
import { type ErrorName, errorClasses } from '../../seeds/world/listings/errors.ts'
import { createLog } from '../../server/log.ts'
import { database } from '../lib/database.ts'
import { long } from '../lib/long.ts'
import { precisionOf, recallOf, type Tally } from '../lib/sync-truth/figures.ts'
import type { SyncTruth } from '../lib/sync-truth/run.ts'
import { syncFaultyWorlds, syncWorld } from '../lib/sync-truth/worlds.ts'

// A source that gets things wrong, night by night, compared with what it showed and what really happened.

const log = createLog({ logLevel: 'silent', serverPassword: undefined })
t.setTimeout(long ? 7_200_000 : 600_000)

function isTrue(t: Test, tally: Tally, name: string): void {
  t.ok(precisionOf(tally) >= 0.999 && recallOf(tally) >= 0.999, `${name} is found and nothing else`, {
    found: tally.right,
    due: tally.due,
    given: tally.given,
    wrong: tally.wrong.slice(0, 5),
  })
}

function changesAreTrue(t: Test, truth: SyncTruth): void {
  for (const [kind, tally] of truth.changes) isTrue(t, tally, kind)
  t.same([...truth.changes.keys()].sort(), [
    'likely_removed',
    'new',
    'reactivated',
    'removed',
    'sold',
    'updated',
  ])
}

function rulesAreTrue(t: Test, truth: SyncTruth): void {
  const { classes, alarms, outliers } = truth.rules
  for (const [name, tally] of classes) {
    if (errorClasses[name as ErrorName].kind !== 'hard') continue
    t.equal(recallOf(tally), 1, `${name} is caught`, { wrong: tally.wrong.slice(0, 3) })
  }
  t.equal(precisionOf(alarms), 1, 'no rule fails a row that is right', { wrong: alarms.wrong.slice(0, 5) })
  t.ok(precisionOf(outliers) >= 0.95, 'what lies away from its peers is wrong', {
    given: outliers.given,
    wrong: outliers.wrong.slice(0, 5),
  })
}

t.test('what a careless source shows is found, what is wrong in it is caught', async (t) => {
  const db = await database(t)
  const world = { homes: 500, sessions: 12, seed: 'truth', habits: 'careless' as const }
  const truth = await syncWorld('truth', world, { url: db.url, log })
  changesAreTrue(t, truth)
  rulesAreTrue(t, truth)
  t.ok(truth.rules.classes.size >= 25, 'most error classes came')
  t.same(truth.falseHolds, [], 'no sound session is held')
  const found = [...truth.changes.values()].reduce((sum, { given }) => sum + given, 0)
  t.ok(truth.tolerated < found / 7, 'few changes lie in fields of which nobody can tell', {
    tolerated: truth.tolerated,
    found,
  })
})

t.test('faulty sessions take nothing away that stands', async (t) => {
  const db = await database(t)
  const truth = await syncFaultyWorlds(long ? 20 : 2, 300, 'faulty', { url: db.url, log })
  t.equal(truth.faultySessions, long ? 200 : 20)
  t.same(truth.falseRemovals, [])
  t.same(truth.falseHolds, [], 'no sound session is held')
  for (const fault of ['truncated', 'empty', 'ids_replaced', 'flipped_count', 'repeated_pages']) {
    t.equal(truth.faults.get(`${fault}: held`), long ? 20 : 2, `${fault} is held`)
  }
  changesAreTrue(t, truth)
  rulesAreTrue(t, truth)
})
