import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import yazl from 'yazl'
import { openSources, type Source } from '../../tasks/lib/dvf/index.ts'
import { geoFile, geoLine } from './dvf-forms.ts'
import { translatedFrom } from './dvf-helpers.ts'

const lines = Array.from({ length: 5000 }, (_, i) => geoLine({ valeur_fonciere: String(1000 + i * 7919) }))
const content = Buffer.from(geoFile(...lines))
const digest = createHash('sha256').update(content).digest('hex')

async function readAll(source: Source | undefined): Promise<Buffer> {
  const chunks: Buffer[] = []
  if (source) for await (const chunk of source.open()) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

/** Writes an archive of these files into a fresh folder; gives its path. */
async function zipped(t: Test, files: Record<string, Buffer>): Promise<string> {
  const archive = new yazl.ZipFile()
  for (const [name, bytes] of Object.entries(files)) archive.addBuffer(bytes, name)
  archive.end()
  const path = join(t.testdir(), 'files.zip')
  const file = createWriteStream(path)
  archive.outputStream.pipe(file)
  await once(file, 'close')
  return path
}

t.test('a plain and a packed file hold the same content', async (t) => {
  // What a file is shows in its bytes: these names say nothing, or the wrong thing.
  const folder = t.testdir({
    'plain.csv': content,
    'packed.csv.gz': gzipSync(content),
    'packed.csv': gzipSync(content),
  })
  for (const name of ['plain.csv', 'packed.csv.gz', 'packed.csv']) {
    const [source] = await openSources([join(folder, name)])
    t.same(await readAll(source), content)
    t.equal(await source?.checksum(), digest)
    t.equal(source?.size, name === 'plain.csv' ? content.length : null)
    const { report } = await translatedFrom(source?.open() ?? Readable.from([]))
    t.match(report, { lines: 5000, accepted: 5000, sha256: digest, bytes: content.length })
  }
})

t.test('a gzip file of several members is one file', async (t) => {
  const half = content.length >> 1
  const members = Buffer.concat([gzipSync(content.subarray(0, half)), gzipSync(content.subarray(half))])
  const [source] = await openSources([join(t.testdir({ 'a.csv.gz': members }), 'a.csv.gz')])
  t.same(await readAll(source), content)
})

t.test('a folder is walked in the order of names, and only for DVF files', async (t) => {
  const folder = t.testdir({
    b: { 'z.txt': 'z', 'a.csv': 'a', '.hidden.csv': 'h' },
    'a.csv.gz': gzipSync('g'),
    'readme.md': 'r',
  })
  const sources = await openSources([folder])
  t.same(
    sources.map((source) => source.name.slice(folder.length + 1)),
    ['a.csv.gz', 'b/a.csv', 'b/z.txt'],
  )
  const empty = t.testdir({ e: { 'notes.md': '' } })
  await t.rejects(openSources([join(empty, 'e')]), { name: 'DvfInputError', message: /holds no/ })
  await t.rejects(openSources([join(empty, 'absent')]), { name: 'DvfInputError', message: /does not exist/ })
})

t.test('each file of an archive is a source', async (t) => {
  const path = await zipped(t, {
    'one.csv': content,
    'folder/two.csv.gz': gzipSync(content),
    'notice.pdf': Buffer.from('%PDF'),
    '__MACOSX/one.csv': Buffer.from('x'),
  })
  const sources = await openSources([path])
  t.same(
    sources.map((source) => source.name),
    [`${path}/one.csv`, `${path}/folder/two.csv.gz`],
  )
  t.equal(sources[0]?.size, content.length)
  for (const source of sources) {
    t.same(await readAll(source), content)
    t.equal(await source.checksum(), digest)
  }
  const other = await zipped(t, { 'notice.pdf': Buffer.from('%PDF') })
  await t.rejects(openSources([other]), { name: 'DvfInputError', message: /no \.csv or \.txt/ })
})

t.test('standard input is read once, plain or packed', async (t) => {
  for (const bytes of [content, gzipSync(content)]) {
    // Byte by byte at first, as a slow pipe may hand them over.
    const chunks = [bytes.subarray(0, 1), bytes.subarray(1, 3), bytes.subarray(3)]
    const [source] = await openSources('stdin', Readable.from(chunks))
    t.equal(source?.name, '-')
    t.same(await readAll(source), content)
    await t.rejects(readAll(source), { message: /read already/ })
  }
  const path = await zipped(t, { 'one.csv': content })
  const [source] = await openSources('stdin', Readable.from([await readFile(path)]))
  await t.rejects(readAll(source), { message: /zip archive cannot be read from standard input/ })
})

t.test('packed data that was cut or damaged is refused in clear words', async (t) => {
  const folder = t.testdir()
  await mkdir(folder, { recursive: true })
  const packed = gzipSync(content)
  await writeFile(join(folder, 'cut.csv.gz'), packed.subarray(0, packed.length >> 1))
  const [cut] = await openSources([join(folder, 'cut.csv.gz')])
  await t.rejects(readAll(cut), { name: 'DvfInputError', message: /cut\.csv\.gz is cut short/ })

  const damaged = Buffer.from(packed)
  damaged.fill(0xff, 2000, 2100)
  await writeFile(join(folder, 'damaged.csv.gz'), damaged)
  const [broken] = await openSources([join(folder, 'damaged.csv.gz')])
  await t.rejects(readAll(broken), { name: 'DvfInputError', message: /not sound gzip data/ })

  const archive = await readFile(await zipped(t, { 'one.csv': content }))
  await writeFile(join(folder, 'cut.zip'), archive.subarray(0, archive.length - 100))
  await t.rejects(openSources([join(folder, 'cut.zip')]), {
    name: 'DvfInputError',
    message: /cut short or broken/,
  })

  const bad = Buffer.from(archive)
  bad.fill(0xff, 2000, 2100)
  await writeFile(join(folder, 'bad.zip'), bad)
  const [entry] = await openSources([join(folder, 'bad.zip')])
  await t.rejects(readAll(entry), { name: 'DvfInputError', message: /cut short or broken/ })
})

t.test('a reader that stops early leaves nothing open', async (t) => {
  const archive = await readFile(await zipped(t, { 'one.csv': content }))
  const folder = t.testdir({ 'a.csv.gz': gzipSync(content), 'b.zip': archive, 'c.csv': content })
  for (const source of await openSources([folder])) {
    for await (const chunk of source.open()) if (chunk.length > 0) break
  }
  t.pass('the process ends')
})
