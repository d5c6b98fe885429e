import { startPortal } from '../../seeds/world/sites/portal.ts'
import { pageSize } from '../../seeds/world/sites/portal-pages.ts'

// A portal in a process of its own, its pages made beforehand; tells its address and the paths of all its pages as a
// line of JSON and serves until it is killed.

const site = await startPortal({
  seed: 'bench',
  homes: Number(process.argv[2]),
  structured: 'all',
  isPrepared: true,
  isUnlogged: true,
})
const { homes } = site.truth()
const results = Array.from(
  { length: Math.ceil(homes.length / pageSize) },
  (_, i) => `/recherche?page=${i + 1}`,
)
console.log(JSON.stringify({ url: site.url, paths: [...results, ...homes.map(({ path }) => path)] }))
process.once('SIGTERM', () => void site.close())
