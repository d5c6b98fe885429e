import type { Adapter } from '../adapter.ts'

// Each is loaded when it is needed: the explorer brings a browser's driver along.
const loaders: Record<Adapter['kind'], () => Promise<unknown>> = {
  portal: async () => (await import('./portal.ts')).portal,
  feed: async () => (await import('./feed.ts')).feed,
  sitemap: async () => (await import('./sitemap.ts')).sitemap,
  explorer: async () => (await import('../explorer/index.ts')).explorer,
}

/** The adapter that reads sources of a kind; null when there is none. */
export async function loadAdapter(kind: string): Promise<Adapter | null> {
  return Object.hasOwn(loaders, kind) ? ((await loaders[kind as Adapter['kind']]()) as Adapter) : null
}
