import { Agent, request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type LookupFunction, type Socket } from 'node:net'
import { portOf, type Reach } from './reach.ts'

/** The one way out of the browser. */
export interface Guard {
  /** Address of the proxy, for the browser. */
  url: string
  /** What was refused: host and port. */
  refused: () => readonly string[]
  close: () => Promise<void>
}

/** What may be reached. */
export interface GuardOptions {
  /** The hosts and ports that are reached, and nothing else. */
  reach: Reach
  /** Gives an address for a host's name, or an error when none of them may be asked. */
  lookup: LookupFunction
}

const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'te',
  'upgrade',
])

/** Names and values in turn, as they came. */
function headersOf({ rawHeaders }: IncomingMessage): string[] {
  return rawHeaders.filter((_, i) => !hopByHop.has((rawHeaders[i - (i % 2)] ?? '').toLowerCase()))
}

/** What a tunnel is to lead to: `host:port`; null for what names no target. */
function readTarget(text: string): { host: string; port: number } | null {
  const [, host, port] = /^([^:]+|\[[^\]]+\]):(\d{1,5})$/.exec(text) ?? []
  return host === undefined ? null : { host: host.toLowerCase(), port: Number(port) }
}

/** A host's name as a connection is made to it: addresses of IPv6 without their brackets. */
const plainHost = (host: string): string => host.replace(/^\[|\]$/g, '')

/**
 * A proxy that lets the browser reach the hosts of a source. Intercepting requests in the browser is not enough: it does not
 * see where an answer redirects to, and the browser would look names up by itself. Here each connection is made to an
 * address that was checked.
 */
export async function createGuard({ reach, lookup }: GuardOptions): Promise<Guard> {
  const refused: string[] = []
  const sockets = new Set<Socket>()
  const agent = new Agent({ keepAlive: true, lookup })

  const refuse = (target: string, isHeld: boolean): boolean => {
    if (!isHeld && refused.length < 100) refused.push(target)
    return !isHeld
  }
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const url = URL.parse(request.url ?? '')
    const isPlain = url?.protocol === 'http:'
    if (!isPlain || refuse(`${url.hostname}:${portOf(url)}`, reach.holds(url))) {
      response.writeHead(403).end()
      return
    }
    const onward = ask({
      agent,
      host: plainHost(url.hostname),
      port: portOf(url),
      method: request.method ?? 'GET',
      path: url.pathname + url.search,
      headers: headersOf(request),
    })
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, headersOf(answer))
      answer.on('error', () => response.destroy())
      answer.on('aborted', () => response.destroy())
      answer.pipe(response)
    })
    // The browser is to see that the connection broke, not an answer that nobody gave.
    onward.on('error', () => response.destroy())
    response.on('close', () => {
      if (!response.writableFinished) onward.destroy()
    })
    request.on('error', () => onward.destroy())
    request.pipe(onward)
  })
  server.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const target = readTarget(request.url ?? '')
    const isHeld = target !== null && reach.holdsTarget(target.host, target.port)
    if (refuse(request.url ?? '', isHeld) || target === null) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
      return
    }
    const onward = connect({ host: plainHost(target.host), port: target.port, lookup })
    sockets.add(onward)
    onward.on('close', () => {
      sockets.delete(onward)
      socket.destroy()
    })
    onward.on('error', () => socket.destroy())
    socket.on('close', () => onward.destroy())
    onward.on('connect', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      if (head.length > 0) onward.write(head)
      onward.pipe(socket)
      socket.pipe(onward)
    })
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
  })
  server.on('clientError', (_error, socket) => void socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  server.unref()
  return {
    url: `http://127.0.0.1:${port}`,
    refused: () => refused,
    async close() {
      for (const socket of sockets) socket.destroy()
      agent.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
