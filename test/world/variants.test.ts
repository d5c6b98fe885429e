import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { shuffleLines, splitFile, truncateFile } from '../../seeds/world/variants.ts'
import { fileLines } from './lib/read-lines.ts'
import { scratch } from './lib/world.ts'

const folder = scratch()
const file = join(folder, 'file.txt')
writeFileSync(file, ['head', ...Array.from({ length: 100 }, (_, i) => `line ${i}`)].join('\r\n'))
const before = fileLines(file)

t.test('a shuffled file has the same lines in another order, and says where each was', async (t) => {
  const out = join(folder, 'shuffled.txt')
  const origin = await shuffleLines(file, 1, out)
  const after = fileLines(out)
  t.equal(after[1], 'head')
  t.notSame(after, before)
  t.same([...after].sort(), [...before].sort())
  t.same(
    after.slice(1),
    [...origin.subarray(1)].map((line) => before[line]),
  )
  t.ok(readFileSync(out, 'utf8').endsWith('\r\n'))
  t.same([...(await shuffleLines(file, 1, out))], [...origin], 'the same for the same seed')
})

t.test('parts of a file hold every line, with the header in each', async (t) => {
  const parts = await splitFile(file, 3, join(folder, 'parts'))
  t.equal(parts.length, 3)
  const lines = parts.flatMap((part) => fileLines(part.path).slice(2))
  t.same(lines, before.slice(2))
  for (const part of parts) {
    t.same(
      fileLines(part.path).slice(1),
      [...part.origin.subarray(1)].map((line) => before[line]),
    )
  }
})

t.test('overlapping parts repeat the end of the part before', async (t) => {
  const parts = await splitFile(file, 4, join(folder, 'overlapping'), { overlap: 0.2 })
  const met = parts.flatMap((part) => [...part.origin.subarray(2)])
  t.equal(met.length, 115)
  t.equal(new Set(met).size, 100)
})

t.test('a truncated file ends in the middle of a line', async (t) => {
  const out = join(folder, 'cut.txt')
  const whole = await truncateFile(file, 0.5, out)
  const after = fileLines(out)
  t.equal(after.length - 2, whole)
  t.same(after.slice(1, whole + 1), before.slice(1, whole + 1))
  t.ok(before[whole + 1]?.startsWith(after[whole + 1] ?? 'x'))
  t.not(after[whole + 1], before[whole + 1])
})
