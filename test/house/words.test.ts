import { access, glob, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { createHouse } from '../../server/cli/lib/house.ts'
import { createOutput } from '../../server/cli/lib/output.ts'
import { buildProgram } from '../../server/cli/program.ts'
import { noOffenders } from './lib/none.ts'

const root = new URL('../..', import.meta.url).pathname

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')))

/** Every README of the project, by its path from the root. */
const readmes = new Map<string, string>()
for await (const path of glob(['*.md', '{sql,tasks,seeds,server,test}/**/*.md'], { cwd: root })) {
  readmes.set(path, await readFile(join(root, path), 'utf8'))
}

type Tree = {
  name(): string
  aliases(): string[]
  commands: readonly Tree[]
  registeredArguments: readonly unknown[]
}

/** What is wrong with the words after `parcelle`, or undefined: each must be a command, until one takes arguments. */
function wrongCommand(program: Tree, words: string[]): string | undefined {
  let command = program
  for (const word of words) {
    const next = command.commands.find(
      (candidate) => candidate.name() === word || candidate.aliases().includes(word),
    )
    if (next !== undefined) command = next
    else if (word === 'help' || command.commands.length === 0) return undefined
    else return word
  }
  return undefined
}

t.test('every command that a README or a help text mentions exists', async (t) => {
  const house = createHouse(
    {},
    createOutput(() => false),
    new AbortController().signal,
  )
  const program: Tree = buildProgram(house)
  const offenders: string[] = []
  for (const [path, text] of readmes) {
    for (const [said, script = '', rest = ''] of text.matchAll(
      /\bnpm (?:run )?([a-z:]+)((?: --)?(?: [\w-]+)*)/g,
    )) {
      const isBuiltIn = ['ci', 'install', 'init'].includes(script)
      if (!isBuiltIn && scripts[script] === undefined) offenders.push(`${path}: ${said}`)
      if (script === 'parcelle') {
        const words = rest
          .replace(/^ --/, '')
          .trim()
          .split(/\s+/)
          .filter((word) => /^[a-z]/.test(word))
        if (wrongCommand(program, words) !== undefined) offenders.push(`${path}: ${said}`)
      }
    }
    for (const [said, rest = ''] of text.matchAll(/`(?:npx )?parcelle((?: [a-z][\w-]*)+)/g)) {
      if (wrongCommand(program, rest.trim().split(' ')) !== undefined) offenders.push(`${path}: ${said}\``)
    }
  }
  noOffenders(t, offenders)
})

t.test('every file that a README links to exists', async (t) => {
  const offenders: string[] = []
  for (const [path, text] of readmes) {
    for (const [, target = ''] of text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)) {
      await access(join(root, dirname(path), target)).catch(() =>
        offenders.push(`${path} links to ${target}`),
      )
    }
  }
  noOffenders(t, offenders)
})

t.test('the environment is read in one place', async (t) => {
  const offenders: string[] = []
  for await (const path of glob('{server,tasks,sql,seeds}/**/*.ts', { cwd: root })) {
    const text = await readFile(join(root, path), 'utf8')
    for (const [, name = ''] of text.matchAll(/process\.env\.(\w+)/g)) {
      // PATH is handed on to other programs; GRAPHILE_ENV has to be set before that library is loaded.
      const isAllowed = path === 'server/config.ts' || ['PATH', 'GRAPHILE_ENV'].includes(name)
      if (!isAllowed) offenders.push(`${path} reads ${name}: give it to server/config.ts`)
    }
  }
  noOffenders(t, offenders)
})

t.test('every npm script is there and starts a file that is there', async (t) => {
  const expected = ['start', 'parcelle', 'serve', 'work', 'deploy', 'snapshot', 'test', 'bench', 'check']
  const offenders = expected.filter((name) => scripts[name] === undefined).map((name) => `no script ${name}`)
  for (const [name, command] of Object.entries(scripts)) {
    for (const [file] of command.matchAll(/[\w/]+\.ts\b/g)) {
      await access(join(root, file)).catch(() =>
        offenders.push(`npm run ${name} starts ${file}, which does not exist`),
      )
    }
  }
  noOffenders(t, offenders)
})
