#!/usr/bin/env node
// Hands over to the clone's own Node 24, which runs TypeScript; any Node from 18 on can run this file.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const clone = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const candidates = ['node_modules/node/bin/node', 'node_modules/.bin/node'].map((name) =>
  path.join(clone, name),
)
const isNew = Number(process.versions.node.split('.')[0]) >= 24
const node = candidates.find((file) => existsSync(file)) ?? (isNew ? process.execPath : undefined)

if (node === undefined) {
  process.stderr.write(
    'error: Parcelle needs Node 24\nhint: Run npm ci in the clone, which installs it there.\n',
  )
  process.exit(1)
}

const child = spawn(node, [path.join(clone, 'server/cli/main.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('error', (error) => {
  process.stderr.write(`error: ${error.message}\n`)
  process.exit(1)
})
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
