import { ScrapeRefusal } from '../adapter.ts'
import { readAddress } from '../address.ts'

const shape = /^([a-z\d.-]+|\[[\da-f:.]+\])(?::(\d{1,5}))?$/i

/** Whether a text names a host as `hosts` of a config does: `api.example.fr`, `tiles.example.fr:8443`. */
export function isHost(text: string): boolean {
  return shape.test(text) && URL.canParse(`http://${text}/`)
}

/** Where a browser may go. */
export interface Reach {
  /** Whether an address, http or https, lies within. */
  holds(url: URL): boolean
  /** The same for a connection: the host's name, an address of IPv6 in brackets, and its port. */
  holdsTarget(host: string, port: number): boolean
}

/** The port of an address, written or not. */
export function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
}

/**
 * The source's own host and port, and the hosts that its config adds; without a port those of http and https are meant.
 *
 * ScrapeRefusal `private_address`: one of them is of this machine or a private network while the source is no local one.
 */
export function reachOf(source: { baseUrl: string; hosts: readonly string[]; isLocal: boolean }): Reach {
  const base = readAddress(source.baseUrl, source.isLocal)
  const targets = new Set([`${base.hostname}:${portOf(base)}`])
  for (const text of source.hosts) {
    const [, , port] = shape.exec(text) ?? []
    if (!isHost(text)) throw new ScrapeRefusal('private_address', `${text.slice(0, 200)} is no host`)
    const { hostname } = readAddress(`http://${text}/`, source.isLocal)
    for (const one of port === undefined ? [80, 443] : [Number(port)]) targets.add(`${hostname}:${one}`)
  }
  const holdsTarget = (host: string, port: number): boolean => targets.has(`${host}:${port}`)
  return {
    holdsTarget,
    holds: (url) => /^https?:$/.test(url.protocol) && holdsTarget(url.hostname, portOf(url)),
  }
}
