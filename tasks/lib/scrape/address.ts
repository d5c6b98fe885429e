import dns from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { ScrapeRefusal } from './adapter.ts'

/**
 * Whether an IP address belongs to the public internet: none of this machine, a private network, a provider's inside,
 * a cloud's metadata service or a reserved range, however it is written (IPv4 in IPv6 included).
 */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast'
}

function hidden(host: string): ScrapeRefusal {
  return new ScrapeRefusal('private_address', `${host} is not a host of the public internet`)
}

/**
 * An address of the web, read. ScrapeRefusal `private_address`: it is neither http nor https, carries a password, or
 * names an address of this machine or a private network while the source is not a local one.
 */
export function readAddress(text: string, isLocal: boolean): URL {
  const url = URL.parse(text)
  if (url === null) throw new ScrapeRefusal('private_address', `${text.slice(0, 200)} is no address`)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ScrapeRefusal('private_address', `${text.slice(0, 200)} is neither http nor https`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new ScrapeRefusal('private_address', `an address of ${url.host} carries a name or a password`)
  }
  if (isLocal) return url
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw hidden(host)
  return url
}

/**
 * Resolves a host name for a connection and refuses it when any of its addresses is not public. It is asked at the very
 * moment of connecting, so a name cannot say one thing when it is checked and another when it is used.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) callback(error, '', 0)
    else if (addresses.some(({ address }) => !isPublicAddress(address))) callback(hidden(hostname), '', 0)
    else if (options.all) callback(null, addresses)
    else {
      const [first] = addresses
      if (first) callback(null, first.address, first.family)
      else callback(hidden(hostname), '', 0)
    }
  })
}
