/** One exchange of the README's session: what is asked, and the answer that stands there. */
export type Exchange = {
  kind: 'start' | 'command' | 'graphql'
  question: string
  answer: string
  /** Where the answer stands in the text. */
  from: number
  to: number
}

/** Whether a shell would wait for more: a quote is still open. */
const isOpen = (command: string) => (command.match(/"/g)?.length ?? 0) % 2 === 1

function splitConsole(body: string): { question: string; answer: string } {
  const lines = body.split('\n')
  let length = 1
  while (length < lines.length && isOpen(lines.slice(0, length).join('\n'))) length++
  return {
    question: lines.slice(0, length).join('\n').replace(/^\$ /, ''),
    answer: lines.slice(length).join('\n'),
  }
}

/**
 * The exchanges of a README in their order: a `console` block is one command after `$ ` with what it prints, a
 * `graphql` block is answered by the `json` block that follows it.
 */
export function readSession(text: string): Exchange[] {
  const blocks = [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map((match) => {
    const [whole = '', language = '', body = ''] = match
    const from = match.index + whole.indexOf('\n') + 1
    return { language, body, from, to: from + body.length }
  })
  return blocks.flatMap(({ language, body, from, to }, i): Exchange[] => {
    if (language === 'console') {
      const { question, answer } = splitConsole(body)
      const kind = question.startsWith('npm start') ? 'start' : 'command'
      return [{ kind, question, answer, from: to - answer.length, to }]
    }
    if (language !== 'graphql') return []
    const next = blocks[i + 1]
    if (next?.language !== 'json') throw new Error(`no answer follows the query at ${from}`)
    return [{ kind: 'graphql', question: body, answer: next.body, from: next.from, to: next.to }]
  })
}

/** The text with other answers in the places of these, given in their order. */
export function withAnswers(text: string, session: Exchange[], answers: string[]): string {
  return session
    .map((exchange, i) => ({ ...exchange, answer: answers[i] ?? exchange.answer }))
    .reduceRight((all, { from, to, answer }) => all.slice(0, from) + answer + all.slice(to), text)
}

/** JSON as a README shows it: objects of plain values on one line. */
export function formatJson(value: unknown, indent = ''): string {
  const flat = JSON.stringify(value)
  if (typeof value !== 'object' || value === null) return flat
  const inner = `${indent}  `
  const entries = Array.isArray(value)
    ? value.map((one) => formatJson(one, inner))
    : Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${formatJson(one, inner)}`)
  const line = Array.isArray(value) ? `[${entries.join(', ')}]` : `{ ${entries.join(', ')} }`
  if (!line.includes('\n') && indent.length + line.length <= 110) return line
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  return `${open}\n${entries.map((entry) => inner + entry).join(',\n')}\n${indent}${close}`
}
