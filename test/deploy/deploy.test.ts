import t from 'tap'
import { deploy } from '../../sql/deploy/deploy.ts'
import { database } from '../lib/database.ts'

t.test('a deploy that finds nothing changed does nothing', async (t) => {
  const db = await database(t)
  const report = await deploy({ url: db.url })
  t.equal(report.changed, false)
})
