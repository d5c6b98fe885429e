import type { Adapter } from '../adapter.ts'
import { explorer } from '../explorer/index.ts'
import { feed } from './feed.ts'
import { portal } from './portal.ts'
import { sitemap } from './sitemap.ts'

/** Every kind of source that can be scraped. */
export const adapters: readonly Adapter[] = [portal, feed, sitemap, explorer] as readonly Adapter[]
