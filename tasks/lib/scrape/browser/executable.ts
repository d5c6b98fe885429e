import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'

/** A browser to be launched. */
export interface Executable {
  path: string
  /** Where it comes from. */
  origin: 'CHROMIUM_PATH' | 'installed' | 'playwright' | 'package'
  /** Whether its sandbox can work at all: the package's build has none. */
  hasSandbox: boolean
}

// The shell without a window is the lighter one by far.
const names = [
  'chrome-headless-shell',
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'chrome',
]
const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/snap/bin/chromium',
]

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  )

async function firstOf(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await isExecutable(path)) return path
  return undefined
}

/** The npm package unpacks its browser into the folder for temporary files, where others may have put one before. */
async function unpacked(): Promise<string> {
  const { default: packed } = await import('@sparticuz/chromium')
  packed.setGraphicsMode = false
  const path = await packed.executablePath()
  const { uid } = await stat(path)
  const own = process.getuid?.() ?? uid
  if (uid !== own && uid !== 0) throw new Error(`${path} belongs to somebody else: remove it`)
  return path
}

/**
 * The browser to use: `CHROMIUM_PATH`, one that is installed, Playwright's own, the one that comes with the packages.
 *
 * Error: `CHROMIUM_PATH` cannot be run, or there is none at all.
 */
export async function findExecutable(options: {
  chromiumPath: string | undefined
  /** Folders that are searched, as in `PATH`. */
  searchPath: string
}): Promise<Executable> {
  const { chromiumPath } = options
  if (chromiumPath !== undefined) {
    if (!(await isExecutable(chromiumPath)))
      throw new Error(`CHROMIUM_PATH is ${chromiumPath}, which cannot be run`)
    return { path: chromiumPath, origin: 'CHROMIUM_PATH', hasSandbox: true }
  }
  const folders = options.searchPath.split(delimiter).filter((folder) => folder !== '')
  const installed = await firstOf([
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...elsewhere,
  ])
  if (installed !== undefined) return { path: installed, origin: 'installed', hasSandbox: true }
  const own = await firstOf([chromium.executablePath()].filter((path) => path !== ''))
  if (own !== undefined) return { path: own, origin: 'playwright', hasSandbox: true }
  return { path: await unpacked(), origin: 'package', hasSandbox: false }
}
