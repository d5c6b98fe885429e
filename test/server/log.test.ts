import t from 'tap'
import { createLog } from '../../server/log.ts'

/** What a log writes where its sink is a terminal or is not. */
function written(isTTY: boolean): string {
  let text = ''
  const write = (line: string) => {
    text += line
  }
  const log = createLog({ logLevel: 'info', serverPassword: 'hush-hush' }, { isTTY, write })
  log
    .child({ request: 'r1' })
    .info({ url: 'postgresql://me:secret@host/db', password: 'x1y2' }, 'with hush-hush')
  log.debug('unimportant')
  return text
}

t.test('a program gets one JSON document on a line', async (t) => {
  const line = JSON.parse(written(false))
  t.match(line, { request: 'r1', level: 30, msg: 'with ***' })
})

t.test('a terminal gets a line to read', async (t) => {
  const lines = written(true).trimEnd().split('\n')
  t.equal(lines.length, 1)
  t.match(lines[0], /INFO.*with \*\*\*.*r1/)
})

for (const isTTY of [false, true]) {
  t.test(`secrets stay out of the log ${isTTY ? 'on a terminal' : 'in a file'}`, async (t) => {
    t.notMatch(written(isTTY), /secret@|hush-hush|x1y2/)
  })
}
