import { readFile } from 'node:fs/promises'
import t from 'tap'
import { forms } from '../../tasks/lib/dvf/columns.ts'
import { rejectReasons } from '../../tasks/lib/dvf/index.ts'

t.test('the reader is described as it is', async (t) => {
  const readme = await readFile(new URL('../../tasks/lib/dvf/README.md', import.meta.url), 'utf8')
  for (const form of forms) {
    const [, list = ''] =
      new RegExp(`^- ${form.name}: ([^;.]*)[;.]$`, 'm').exec(readme.replace(/\n {2}/g, ' ')) ?? []
    const named = [...list.matchAll(/`([^`]+)`/g)].map((match) => match[1])
    t.same(named, form.required.flat(), `required columns of ${form.name}`)
  }
  const reasons = [...readme.matchAll(/^\| `(\w+)` +\|/gm)].map((match) => match[1])
  t.same(reasons.toSorted(), [...rejectReasons].toSorted())
})
