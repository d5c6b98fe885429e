import fc from 'fast-check'
import t from 'tap'
import { readCsvHead } from '../../tasks/lib/staging/csv.ts'
import { createJsonArrayReader, createJsonLineReader } from '../../tasks/lib/staging/json.ts'
import { createRecordReader, splitFields } from '../../tasks/lib/staging/records.ts'

type Reject = { line: number; reason: string; raw: string }

/** Reads records given in pieces of `size` bytes. */
function read(text: string | Buffer, fieldCount: number, size = 1_000_000, delimiter = ',') {
  const bytes = Buffer.from(text as string)
  let sound = ''
  const rejects: Reject[] = []
  const reader = createRecordReader({
    delimiter: delimiter.charCodeAt(0),
    fieldCount,
    firstLine: 2,
    write: (chunk) => {
      sound += chunk.toString('utf8')
    },
    reject: (line, reason, raw) => rejects.push({ line, reason, raw: raw.toString('latin1') }),
  })
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size))
  const count = reader.end()
  return { sound, rejects, count }
}

t.test('sound records go through as they are, however they come in', async (t) => {
  const text = 'a,b,c\n"d, d","e ""e""","f\nf"\n,,\n'
  for (const size of [1, 2, 3, 5, 1000]) {
    t.strictSame(read(text, 3, size), { sound: text, rejects: [], count: 3 }, `pieces of ${size}`)
  }
  t.strictSame(read('a,b\r\nc,d\r\n', 2, 1), { sound: 'a,b\r\nc,d\r\n', rejects: [], count: 2 })
  t.strictSame(read('a;b\n', 2, 9, ';'), { sound: 'a;b\n', rejects: [], count: 1 })
})

t.test('what can be mended is', async (t) => {
  const cases: [string, string | Buffer, string][] = [
    ['no line end at the end', 'a,b\nc,d', 'a,b\n"c","d"\n'],
    ['no line end behind a quote', 'a,"b"', '"a","b"\n'],
    ['another line end', 'a,b\nc,d\r\ne,f\n', 'a,b\n"c","d"\ne,f\n'],
    ['quotes inside a field', 'a,12" wide\nc,d\n', '"a","12"" wide"\nc,d\n'],
    ['a lone carriage return', 'a,b\rb\nc,d\n', '"a","b\rb"\nc,d\n'],
    ['blank lines', 'a,b\n\n  \nc,d\n\n', 'a,b\nc,d\n'],
    ['NUL', 'a\0b,c\nd,e\n', 'ab,c\nd,e\n'],
    ['Windows-1252', Buffer.from('a,\u00e9t\u00e9 \x80\nb,c\n', 'latin1'), 'a,été €\nb,c\n'],
    ['empty and quoted empty', 'a,""\r\nb,\n', 'a,""\r\n"b",\r\n'],
  ]
  for (const [name, given, expected] of cases) {
    for (const size of [1, 1000]) {
      const { sound, rejects } = read(given, 2, size)
      t.strictSame({ sound, rejects }, { sound: expected, rejects: [] }, `${name}, pieces of ${size}`)
    }
  }
})

t.test('what is no row is told with its line, and takes no other along', async (t) => {
  const lines = [
    'a,b,c', // 2
    'too,few', // 3
    'one,too,many,here', // 4
    '"open,b,c', // 5
    '"x","y","z"', // 6
    'a,"b"b,c', // 7
    'a,b,c', // 8
    '"long', // 9
    'text",b,c', // 10
    '"long', // 11
    'text",b', // 12
    'last,"open,c', // 13
    'a,b,c', // 14
  ]
  for (const size of [1, 7, 1000]) {
    const { sound, rejects, count } = read(`${lines.join('\n')}\n`, 3, size)
    t.equal(sound, 'a,b,c\n"x","y","z"\na,b,c\n"long\ntext",b,c\na,b,c\n')
    t.equal(count, 5)
    t.strictSame(rejects, [
      { line: 3, reason: 'field_count', raw: 'too,few' },
      { line: 4, reason: 'field_count', raw: 'one,too,many,here' },
      { line: 5, reason: 'bad_quoting', raw: '"open,b,c' },
      { line: 7, reason: 'bad_quoting', raw: 'a,"b"b,c' },
      { line: 11, reason: 'bad_quoting', raw: '"long' },
      { line: 12, reason: 'field_count', raw: 'text",b' },
      { line: 13, reason: 'bad_quoting', raw: 'last,"open,c' },
    ])
  }
})

t.test('a quote that never closes does not take the rest of a large file along', async (t) => {
  const row = `${'x'.repeat(1000)},b\n`
  const { rejects, count } = read(`"open,b\n${row.repeat(3000)}`, 2, 65_536)
  t.equal(count, 3000)
  t.strictSame(rejects, [{ line: 2, reason: 'bad_quoting', raw: '"open,b' }])
})

t.test('whatever is written as CSV is read back', async () => {
  const field = fc
    .string({ unit: 'binary', maxLength: 8 })
    .map((text) => text.replaceAll('\0', '').toWellFormed())
  fc.assert(
    fc.property(
      fc.array(fc.tuple(field, field, field), { maxLength: 20 }),
      fc.integer({ min: 1, max: 50 }),
      fc.constantFrom('\n', '\r\n'),
      (rows, size, eol) => {
        const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
        const text = rows.map((row) => row.map(quoted).join(',') + eol).join('')
        const result = read(text, 3, size)
        if (result.sound !== text || result.rejects.length > 0 || result.count !== rows.length) {
          throw new Error(JSON.stringify(result))
        }
        for (const row of rows) {
          const back = splitFields(row.map(quoted).join(','), ',').map((one) => one.text)
          if (JSON.stringify(back) !== JSON.stringify(row)) throw new Error(JSON.stringify(back))
        }
      },
    ),
  )
})

t.test('no byte is lost, whatever it is', async () => {
  const bytes = fc.uint8Array({ maxLength: 60 }).map((codes) => codes.map((code) => (code % 2 ? 34 : code)))
  fc.assert(
    fc.property(
      fc.oneof(bytes, fc.uint8Array({ maxLength: 100 })),
      fc.integer({ min: 1, max: 20 }),
      (given, size) => {
        const whole = read(Buffer.from(given), 2)
        const pieces = read(Buffer.from(given), 2, size)
        if (JSON.stringify(whole) !== JSON.stringify(pieces)) throw new Error(JSON.stringify([whole, pieces]))
        const letters = (text: string) => text.replace(/[^a-z]/g, '').length
        const kept = letters(whole.sound) + whole.rejects.reduce((sum, { raw }) => sum + letters(raw), 0)
        if (kept !== letters(Buffer.from(given).toString('latin1'))) throw new Error(`${kept} letters`)
      },
    ),
    { numRuns: 2000 },
  )
})

async function head(...chunks: string[]) {
  async function* given() {
    for (const chunk of chunks.slice(1)) yield Buffer.from(chunk)
  }
  const { rest, ...more } = await readCsvHead(given(), Buffer.from(chunks[0] ?? ''), 'x.csv')
  return { ...more, rest: rest.toString() }
}

t.test('a header says what divides the fields', async (t) => {
  t.strictSame(await head('a;b,c;d\n1;2'), {
    names: ['a', 'b,c', 'd'],
    delimiter: ';',
    firstLine: 2,
    rest: '1;2',
  })
  t.strictSame(await head('a,', '"b\n', 'b"\r\nrest'), {
    ...{ names: ['a', 'b\nb'], delimiter: ',', firstLine: 3, rest: 'rest' },
  })
  t.strictSame(await head('\n\n a \tb'), { names: ['a', 'b'], delimiter: '\t', firstLine: 4, rest: '' })
  await t.rejects(head('  \n '), { code: 'PC422' })
  await t.rejects(head(`"${'x'.repeat(1_048_577)}`), { code: 'PC422' })
})

function readJson(text: string | Buffer, make: typeof createJsonArrayReader, size: number) {
  const elements: string[] = []
  const rejects: Reject[] = []
  const reader = make({
    element: (one) => elements.push(one),
    reject: (line, reason, raw) => rejects.push({ line, reason, raw: raw.toString().trim() }),
  })
  const bytes = Buffer.from(text as string)
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size))
  return { elements, rejects, isWhole: reader.end() }
}

t.test('the elements of a JSON array are found, however they come in', async (t) => {
  const given = '[ {"a": "[,]\\"{", "b": [1, {"c": 2}]},\n2 , nul, {"d": "\\u0000x\\ud800"} ]\n'
  for (const size of [1, 3, 1000]) {
    t.strictSame(readJson(given, createJsonArrayReader, size), {
      elements: ['{"a": "[,]\\"{", "b": [1, {"c": 2}]}', '2', '{"d":"x\ufffd"}'],
      rejects: [{ line: 3, reason: 'bad_json', raw: 'nul' }],
      isWhole: true,
    })
    t.strictSame(readJson('[]', createJsonArrayReader, size), { elements: [], rejects: [], isWhole: true })
    t.strictSame(readJson('[{"a": 1}, {"b": ', createJsonArrayReader, size), {
      elements: ['{"a": 1}'],
      rejects: [{ line: 2, reason: 'cut_short', raw: '{"b":' }],
      isWhole: false,
    })
  }
})

t.test('JSON lines are read one by one', async (t) => {
  for (const size of [1, 1000]) {
    t.strictSame(readJson('{"a": 1}\r\n\n{"b": \n{"c": 3}', createJsonLineReader, size), {
      elements: ['{"a": 1}', '{"c": 3}'],
      rejects: [{ line: 3, reason: 'bad_json', raw: '{"b":' }],
      isWhole: true,
    })
  }
})

t.test('any JSON array gives its elements', async () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue(), { maxLength: 8 }),
      fc.integer({ min: 1, max: 30 }),
      (values, size) => {
        const { elements, rejects } = readJson(JSON.stringify(values), createJsonArrayReader, size)
        const back = JSON.stringify(elements.map((one) => JSON.parse(one) as unknown))
        const expected = JSON.stringify(values).replaceAll('\\u0000', '')
        if (rejects.length > 0 || back !== expected) throw new Error(`${back} is not ${expected}`)
      },
    ),
  )
})
