import { existsSync, readFileSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import type { Home } from './place.ts'
import { writePrivate } from './secrets.ts'

function listen(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = net.createServer()
    probe.once('error', () => resolve(undefined))
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const { port: got } = probe.address() as net.AddressInfo
      probe.close(() => resolve(got))
    })
  })
}

/** Chooses a free port of the loopback address and remembers it in the home. */
export async function choosePort(home: Home): Promise<number> {
  const port = await listen(0)
  if (port === undefined) throw new Error('no free port on 127.0.0.1')
  writePrivate(home, home.port, `${port}\n`)
  return port
}

/** The port remembered in the home if it is still free, else a new one. */
export async function rememberedPort(home: Home): Promise<number> {
  const remembered = existsSync(home.port) ? Number.parseInt(readFileSync(home.port, 'utf8'), 10) : 0
  if (remembered > 0 && (await listen(remembered)) !== undefined) return remembered
  return choosePort(home)
}

/** The folder for the server's socket: the home, unless its path is longer than a socket's may be. */
export function socketFolder(home: Home): string | undefined {
  const longest = process.platform === 'darwin' ? 103 : 107
  return path.join(home.folder, '.s.PGSQL.65535').length <= longest ? home.folder : undefined
}
