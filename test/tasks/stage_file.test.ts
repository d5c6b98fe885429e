import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { createLog } from '../../server/log.ts'
import { type StageOptions, type StageReport, stageFiles } from '../../tasks/stage_file.ts'
import { database, type TestDatabase } from '../lib/database.ts'
import { temporaryFolder } from './import-lib.ts'

const silent = createLog({ logLevel: 'silent', serverPassword: undefined })

type Content = string | Buffer

/** Stages texts as files of one session of source csv. */
async function stageTexts(
  t: Test,
  db: TestDatabase,
  contents: Content[],
  options: Partial<StageOptions> = {},
): Promise<StageReport> {
  const folder = temporaryFolder(t)
  const paths = contents.map((content, n) => {
    const file = path.join(folder, `file-${n + 1}`)
    writeFileSync(file, content)
    return file
  })
  return stageFiles({ url: db.url, log: silent, paths, source: 'csv', ...options })
}

/** What is staged of a session, without what differs from run to run. */
async function staged(db: TestDatabase, sessionId: string): Promise<Record<string, unknown>[]> {
  const rows = await db.query<{ row: Record<string, unknown> }>(
    `select jsonb_strip_nulls(to_jsonb(s) - '{id,bucket,session_id,scraped_at,raw_fingerprint}'::text[]) as row
     from property_scrapes_staging as s where session_id = $1 order by id`,
    [sessionId],
  )
  return rows.map(({ row }) => row)
}

const large = { expectedRows: 100_000 }

t.test('a CSV file of columns that staging knows', async (t) => {
  const db = await database(t)
  const csv = 'source_key,price,Address\n1,252 000 €,"1, rue Haute"\n2,,\n,"",x\n'
  const expected = [
    { source_key: '1', price: '252 000 €', address: '1, rue Haute' },
    { source_key: '2' },
    { price: '', address: 'x' },
  ]
  for (const options of [{}, large]) {
    const report = await stageTexts(t, db, [csv], { ...options, isComplete: true, name: 'June' })
    t.match(report, { staged: 3, unkeyed: 1, isComplete: true, rejects: [], payloadColumns: [] })
    t.strictSame(await staged(db, report.sessionId), expected)
    t.match(await db.query('select * from scrape_sessions where id = $1', [report.sessionId]), [
      { name: 'June', status: 'queued', page_count: 1, staged_count: 3, unkeyed_count: 1 },
    ])
  }
  t.match(
    await db.query(
      `select distinct tableoid::regclass::text as leaf from property_scrapes_staging order by 1`,
    ),
    [{ leaf: /staging_\d{8}$/ }, { leaf: /staging_session_\d+$/ }],
  )
})

t.test('the export of eight columns, semicolons, a mark, Windows line ends and letters', async (t) => {
  const db = await database(t)
  const head = 'address,city,price,surface,rooms,sale_date,property_type,property_url'
  const line = '12 allée Haute,Orléans,252000,85,4,2023-03-01,maison,https://example.org/1'
  const forms: Content[] = [
    `${head}\n${line}\n`,
    `\ufeff${head}\r\n${line}`,
    `${head}\n${line}\n`.replaceAll(',', ';'),
    Buffer.from(`${head}\n${line}\n`, 'latin1'),
    gzipSync(`${head}\n${line}\n`),
  ]
  for (const form of forms) {
    for (const options of [{}, large]) {
      const report = await stageTexts(t, db, [form], options)
      t.strictSame(await staged(db, report.sessionId), [
        {
          ...{ source_key: 'https://example.org/1', property_url: 'https://example.org/1' },
          ...{ address: '12 allée Haute', city: 'Orléans', price: '252000', surface: '85', rooms: '4' },
          ...{ sale_date: '2023-03-01', property_type: 'maison' },
        },
      ])
    }
  }
})

t.test(
  'columns that staging does not know go to the payload, or are what the source says they are',
  async (t) => {
    const db = await database(t)
    const csv =
      'Ref,prix,price,id,payload,scraped_at,\na,1,2,7,"{""k"": 1}",2024-01-01,x\nb,,3,,plain,soon,\nc,,,,"[1]",,\n'
    const report = await stageTexts(t, db, [csv])
    t.strictSame(report.payloadColumns, ['Ref', 'prix', 'id'])
    t.strictSame(await staged(db, report.sessionId), [
      { price: '2', payload: { Ref: 'a', prix: '1', id: '7', column_7: 'x', k: 1 } },
      { price: '3', payload: { Ref: 'b', payload: 'plain' } },
      { payload: { Ref: 'c', payload: [1] } },
    ])
    t.match(
      await db.query(
        `select scraped_at = '2024-01-01' as is_given from property_scrapes_staging where session_id = $1 order by id`,
        [report.sessionId],
      ),
      [{ is_given: true }, { is_given: false }, { is_given: false }],
    )

    await db.query(
      `select add_source('own', 'Own names', config => '{"columns": {"REF": "source_key", "prix": "price"}}')`,
    )
    for (const options of [{}, large]) {
      const mapped = await stageTexts(t, db, ['ref,Prix,price\na,1,2\n'], { source: 'own', ...options })
      t.strictSame(await staged(db, mapped.sessionId), [
        { source_key: 'a', price: '1', payload: { price: '2' } },
      ])
    }
  },
)

t.test('JSON arrays and JSON lines', async (t) => {
  const db = await database(t)
  const rows = [{ source_key: '1', price: 252000 }, { source_key: '2', extra: [1, 'é'] }, 'junk']
  const expected = [
    { source_key: '1', price: '252000' },
    { source_key: '2', payload: { extra: [1, 'é'] } },
    { payload: { raw: 'junk', reason: 'not_an_object' } },
  ]
  for (const form of [JSON.stringify(rows), rows.map((row) => JSON.stringify(row)).join('\n')]) {
    // A list of lines begins with a brace.
    for (const content of [form, gzipSync(form), `\ufeff ${form}`]) {
      for (const options of [{}, large]) {
        const report = await stageTexts(t, db, [content], options)
        t.match(report, { staged: 3, unkeyed: 1 })
        t.strictSame(await staged(db, report.sessionId), expected)
      }
    }
  }
})

t.test('what is no row is staged without a key, noted and counted', async (t) => {
  const db = await database(t)
  const csv = 'source_key,price\n1,2\nshort\n"open,3\n4,5\n'
  const json = `[{"source_key": "6"}, {"source_key": nul}, {"source_key": "7", "n": 1e999999}]`
  for (const options of [{}, large]) {
    const report = await stageTexts(t, db, [csv, json], { ...options, isComplete: true })
    t.match(report, { staged: 7, unkeyed: 4, isComplete: true })
    t.strictSame(
      report.rejects.map(({ reason, count, samples }) => [reason, count, samples[0]?.line, samples[0]?.raw]),
      [
        ['field_count', 1, 3, 'short'],
        ['bad_quoting', 1, 4, '"open,3'],
        ['bad_json', 1, 2, ' {"source_key": nul}'],
        ['not_stored', 1, 3, '{"source_key": "7", "n": 1e999999}'],
      ],
    )
    const rows = await staged(db, report.sessionId)
    t.strictSame(
      rows.map((row) => row.source_key ?? (row.payload as { reason: string }).reason),
      ['1', '4', '6', 'field_count', 'bad_quoting', 'bad_json', 'not_stored'],
    )
    t.match(rows[3]?.payload, { line: 3, raw: 'short', file: /file-1$/ })
    const [session] = await db.query<{ errors: unknown[] }>(
      'select errors from scrape_sessions where id = $1',
      [report.sessionId],
    )
    t.strictSame(session?.errors, report.rejects)
  }
})

t.test('a JSON array that breaks off has not shown everything', async (t) => {
  const db = await database(t)
  const report = await stageTexts(t, db, ['[{"source_key": "1"}, {"source_key": '], { isComplete: true })
  t.match(report, { staged: 2, unkeyed: 1, isComplete: false, rejects: [{ reason: 'cut_short' }] })
})

t.test('a file that cannot be staged fails its session and leaves no row', async (t) => {
  const db = await database(t)
  const cases: [string, Content[], RegExp][] = [
    ['nothing', [''], /empty/],
    ['no known column', ['a,b\n1,2\n'], /none of the columns/],
    ['half a gzip', ['source_key\n1\n', gzipSync('source_key\n'.repeat(5000)).subarray(0, 40)], /cut short/],
    ['broken gzip', [Buffer.concat([gzipSync('x').subarray(0, 10), Buffer.from('nonsense')])], /gzip/],
    ['UTF-16', [Buffer.from('\ufeffsource_key\n1\n', 'utf16le')], /UTF-16/],
    ['junk', ['source_key,price\n', `source_key,price\n${'x\n'.repeat(100_001)}`], /could not be read/],
    ['an endless element', [`[{"a": "${'x'.repeat(17_000_000)}`], /does not end/],
    ['an endless line', [`{"a": "${'x'.repeat(17_000_000)}`], /does not end/],
  ]
  for (const [name, contents, message] of cases) {
    for (const options of [{}, large]) {
      await t.rejects(stageTexts(t, db, contents, options), { code: 'PC422', message }, name)
    }
  }
  t.strictSame(await db.query(`select from scrape_sessions where status <> 'failed' or errors = '[]'`), [])
  t.strictSame(await db.query('select from property_scrapes_staging'), [])
  t.strictSame(
    await db.query(`select relname from pg_class where relname like '%staging_session_%' and relkind = 'r'`),
    [],
    'no partition is left behind',
  )
})

t.test('what is asked wrongly begins no session', async (t) => {
  const db = await database(t)
  const stage = (options: Partial<StageOptions>) =>
    stageFiles({ url: db.url, log: silent, paths: ['package.json'], source: 'csv', ...options })
  await t.rejects(stage({ paths: ['nowhere.csv'] }), { code: 'PC422', message: /does not exist/ })
  await t.rejects(stage({ paths: ['test'] }), { code: 'PC422', message: /folder/ })
  await t.rejects(stageTexts(t, db, [Buffer.from('504b0304', 'hex')]), { code: 'PC422', message: /zip/ })
  await t.rejects(stage({ source: 'nobody' }), { code: 'PC404' })
  await t.rejects(stage({ inseeCodes: ['99999'] }), { code: 'PC404' })
  t.strictSame(await db.query('select from scrape_sessions'), [])
})

t.test('standard input, in whatever pieces it comes', async (t) => {
  const db = await database(t)
  const csv = Buffer.from('source_key,price\n1,2\n3,4\n')
  for (const bytes of [csv, gzipSync(csv)]) {
    const pieces = Array.from(bytes, (code) => Buffer.from([code]))
    const report = await stageTexts(t, db, [], { paths: ['-'], input: Readable.from(pieces) })
    t.strictSame(await staged(db, report.sessionId), [
      { source_key: '1', price: '2' },
      { source_key: '3', price: '4' },
    ])
  }
})

t.test('PostgreSQL reads every CSV as it was written', async (t) => {
  const db = await database(t)
  const cell = fc
    .oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom('\\.', '"', ',', '\r', '\n', ' ', "'", '\\N'),
    )
    .map((text) => text.replaceAll('\0', '').toWellFormed())
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 30 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      async (rows, eol, isLarge) => {
        const quoted = (text: string) =>
          /^[\w.\\' ]+$/.test(text) ? text : `"${text.replaceAll('"', '""')}"`
        const csv = `source_key,title,address${eol}${rows
          .map((row, n) => [`k${n}`, ...row].map(quoted).join(',') + eol)
          .join('')}`
        const report = await stageTexts(t, db, [csv], isLarge ? large : {})
        const back = (await staged(db, report.sessionId)).map(({ title, address }) => [title, address])
        if (JSON.stringify(back) !== JSON.stringify(rows)) throw new Error(JSON.stringify({ csv, back }))
      },
    ),
    { numRuns: 15 },
  )
})

t.test('staging can be broken off, and leaves a failed session', async (t) => {
  const db = await database(t)
  const stop = new AbortController()
  async function* endless() {
    yield Buffer.from('source_key\n')
    for (let n = 0; ; n++) {
      yield Buffer.from(`${n}\n`)
      if (n === 50) stop.abort()
    }
  }
  await t.rejects(stageTexts(t, db, [], { paths: ['-'], input: endless(), signal: stop.signal }), {
    name: 'AbortError',
  })
  t.match(await db.query('select status, errors from scrape_sessions'), [
    { status: 'failed', errors: [{ reason: 'failed' }] },
  ])
  t.strictSame(await db.query('select from property_scrapes_staging'), [])
})

t.test('a process that is killed leaves no half session, and the next one says so', async (t) => {
  const db = await database(t)
  const child = spawn(
    process.execPath,
    ['server/cli/main.ts', 'stage', '-', '--source', 'csv', '--complete'],
    {
      env: { ...process.env, DATABASE_URL: db.url, LOG_LEVEL: 'silent' },
      stdio: ['pipe', 'ignore', 'ignore'],
    },
  )
  const ended = once(child, 'exit')
  child.stdin.on('error', () => {})
  child.stdin.write(`source_key,price\n${'1,2\n'.repeat(100_000)}`)
  const find = () => db.query<{ id: string; status: string }>('select id, status from scrape_sessions')
  for (let tries = 0; (await find()).length === 0 && tries < 200; tries++) await sleep(50)
  t.match(await find(), [{ status: 'queued' }], 'others see that it is under way')
  const other = await stageTexts(t, db, ['source_key\n1\n'])
  t.equal((await find()).filter(({ status }) => status === 'queued').length, 2, 'another leaves it alone')

  child.kill('SIGKILL')
  await ended
  const [killed] = (await find()).filter(({ id }) => id !== other.sessionId)
  t.strictSame(await db.query('select id from get_pending_sessions()'), [{ id: other.sessionId }])
  t.strictSame(await db.query('select from property_scrapes_staging where source_key = $1', ['2']), [])
  await sleep(500)
  await stageTexts(t, db, ['source_key\n1\n'])
  t.match(await db.query('select status, errors from scrape_sessions where id = $1', [killed?.id]), [
    { status: 'failed', errors: [{ reason: 'broken_off' }] },
  ])
})
