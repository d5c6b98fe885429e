import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// Compiled once per clone: commands start in half the time. A folder that cannot be written goes without.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/parcelle', import.meta.url)))
const { main } = await import('./program.ts')

process.exitCode = (await main(process.argv.slice(2))) || process.exitCode || 0
// Something left open must not keep a finished command from ending.
setTimeout(() => process.exit(), 2000).unref()
