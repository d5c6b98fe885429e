import type pg from 'pg'
import { DeployError, isDatabaseError } from './error.ts'

/** One statement of a file: its text, and where it begins (line from 1, offset in characters from 0). */
export type Statement = { sql: string; line: number; offset: number }

const token =
  /--[^\n]*|\/\*|'|"|\$(?:[a-zA-Z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|;|[a-zA-Z_\u0080-\uffff][\w$\u0080-\uffff]*/g

/**
 * Cuts a file into its statements, so that a failure can name the line it happened on even where PostgreSQL gives
 * no position. Knows comments (nested), strings, quoted names, dollar quotes and `begin atomic` bodies.
 */
export function statements(text: string): Statement[] {
  const found: Statement[] = []
  let start = 0
  let hasWords = false
  let atomicDepth = 0
  let previous = ''
  token.lastIndex = 0
  const close = (end: number) => {
    if (hasWords) {
      const lead = leadingBlank(text.slice(start, end))
      const offset = start + lead
      found.push({ sql: text.slice(offset, end), line: lineAt(text, offset), offset })
    }
    start = end
    hasWords = false
    atomicDepth = 0
  }
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const word = match[0]
    if (word.startsWith('--')) continue
    if (word === '/*') token.lastIndex = afterComment(text, match.index)
    else if (word === "'")
      token.lastIndex = afterString(text, match.index, /e/i.test(previous) && adjacent(text, match))
    else if (word === '"') token.lastIndex = afterQuoted(text, match.index, '"')
    else if (word.startsWith('$')) token.lastIndex = afterDollar(text, match.index, word)
    else if (word === ';') {
      if (atomicDepth === 0) close(token.lastIndex)
    } else {
      hasWords = true
      const lower = word.toLowerCase()
      if (lower === 'atomic' && previous === 'begin') atomicDepth = 1
      else if (atomicDepth > 0 && lower === 'case') atomicDepth++
      else if (atomicDepth > 0 && lower === 'end') atomicDepth--
      previous = lower
      continue
    }
    previous = word
  }
  close(text.length)
  return found
}

/** The line (from 1) an offset falls on. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++
  return line
}

/**
 * Runs a file's statements one after the other on the connection, each changed by `rewrite` (within its first line).
 *
 * A refusal becomes a DeployError with the file, the line, PostgreSQL's own message, detail, hint and SQLSTATE.
 */
export async function runFile(
  client: pg.ClientBase,
  file: string,
  text: string,
  rewrite: (sql: string) => string = (sql) => sql,
): Promise<void> {
  for (const statement of statements(text)) {
    try {
      await client.query(rewrite(statement.sql))
    } catch (error) {
      throw located(error, file, statement)
    }
  }
}

function located(error: unknown, file: string, statement: Statement): unknown {
  if (!isDatabaseError(error)) return error
  // PostgreSQL counts characters, JavaScript UTF-16 units.
  const position = error.position === undefined ? 0 : Number(error.position) - 1
  const before = [...statement.sql].slice(0, position).join('')
  const line = statement.line + before.split('\n').length - 1
  return new DeployError(error.message, {
    code: error.code,
    detail: error.detail,
    hint: error.hint,
    file,
    line,
    cause: error,
  })
}

function leadingBlank(text: string): number {
  return /^(?:\s|--[^\n]*(?:\n|$))*/.exec(text)?.[0].length ?? 0
}

function adjacent(text: string, match: RegExpExecArray): boolean {
  return /(?:^|[^\w$])e$/i.test(text.slice(Math.max(0, match.index - 2), match.index))
}

function afterComment(text: string, at: number): number {
  let depth = 0
  for (let i = at; i < text.length; i++) {
    if (text.startsWith('/*', i)) {
      depth++
      i++
    } else if (text.startsWith('*/', i)) {
      depth--
      i++
      if (depth === 0) return i + 1
    }
  }
  return text.length
}

function afterString(text: string, at: number, hasEscapes: boolean): number {
  if (!hasEscapes) return afterQuoted(text, at, "'")
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === "'") {
      if (text[i + 1] !== "'") return i + 1
      i++
    }
  }
  return text.length
}

function afterQuoted(text: string, at: number, quote: string): number {
  for (let i = text.indexOf(quote, at + 1); i !== -1; i = text.indexOf(quote, i + 2)) {
    if (text[i + 1] !== quote) return i + 1
  }
  return text.length
}

function afterDollar(text: string, at: number, tag: string): number {
  const end = text.indexOf(tag, at + tag.length)
  return end === -1 ? text.length : end + tag.length
}
