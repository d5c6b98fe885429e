import { join } from 'node:path'
import type pino from 'pino'
import { type Browser, chromium, errors } from 'playwright-core'
import { parseConfig } from '../../../server/config.ts'
import { type Executable, findExecutable } from './browser/executable.ts'
import { clearBrowserFolders, makeBrowserFolder, removeBrowserFolder } from './browser/folders.ts'

/** The one browser of this process, in the hands of everybody who holds it. */
export interface BrowserHold {
  /** The browser: launched when it is first asked for, and again when it has died. */
  browser(): Promise<Browser>
  /** Lets it go; the last one closes it. */
  release(): Promise<void>
}

/** A browser, and the end of everything it had, which it may meet at any time. */
interface Launched {
  browser: Browser
  gone: Promise<void>
}

let launched: Promise<Launched> | null = null
let holders = 0

const quiet = [
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-sync',
  '--disable-domain-reliability',
  '--no-pings',
  '--dns-prefetch-disable',
  // Whatever does not go through the proxy does not go at all.
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--font-render-hinting=none',
]

const isRoot = (): boolean => process.getuid?.() === 0

// The path of a socket may have 107 bytes, and Chromium puts one into its folder for temporary files.
const longestTemporary = 107 - '/org.chromium.Chromium.XXXXXX/SingletonSocket'.length

async function start(executable: Executable, hasSandbox: boolean): Promise<Launched> {
  const folder = await makeBrowserFolder()
  try {
    // Only a persistent context lets its profile be put where we say; nobody uses that context.
    const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
      executablePath: executable.path,
      args: quiet,
      artifactsDir: folder,
      env: { ...process.env, ...(folder.length <= longestTemporary && { TMPDIR: folder }) },
      chromiumSandbox: hasSandbox,
      // Whoever runs this process decides what a signal means; the browser goes with the process in any case.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      timeout: 60_000,
    })
    const browser = context.browser() as Browser
    const gone = new Promise<void>((resolve) => {
      browser.on('disconnected', () => resolve(removeBrowserFolder(folder).catch(() => {})))
    })
    return { browser, gone }
  } catch (error) {
    await removeBrowserFolder(folder).catch(() => {})
    throw error
  }
}

async function launch(log: pino.Logger): Promise<Launched> {
  await clearBrowserFolders()
  const { chromiumPath } = parseConfig()
  const executable = await findExecutable({ chromiumPath, searchPath: process.env.PATH ?? '' })
  const mayHaveSandbox = executable.hasSandbox && !isRoot()
  let made: Launched
  try {
    made = await start(executable, mayHaveSandbox)
  } catch (error) {
    if (!mayHaveSandbox) throw error
    // Many containers forbid what the sandbox is made of.
    log.warn({ err: error, path: executable.path }, 'the browser does not start in its sandbox: without it')
    made = await start(executable, false)
  }
  log.debug(
    { path: executable.path, origin: executable.origin, version: made.browser.version() },
    'launched a browser',
  )
  return made
}

/** Whether an error says that the browser, its context or its page is gone. */
export function isGone(error: unknown): boolean {
  return /has been closed|Target closed|Target crashed|Page crashed|browser has disconnected|Connection closed/i.test(
    (error as Error | undefined)?.message ?? '',
  )
}

/** Whether an error is one of the browser's deadlines. */
export function isDeadline(error: unknown): boolean {
  return error instanceof errors.TimeoutError
}

/**
 * Holds the browser of this process, of which there is at most one: nothing is launched until it is asked for, and
 * it is closed when nobody holds it any more.
 */
export function holdBrowser(log: pino.Logger): BrowserHold {
  holders++
  let isHeld = true
  return {
    async browser() {
      if (!isHeld) throw new Error('the browser was let go')
      for (;;) {
        launched ??= launch(log)
        const mine = launched
        let running: Browser
        try {
          running = (await mine).browser
        } catch (error) {
          if (launched === mine) launched = null
          throw error
        }
        if (running.isConnected()) return running
        if (launched === mine) {
          log.warn('the browser died: launching another')
          launched = null
        }
      }
    },
    async release() {
      if (!isHeld) return
      isHeld = false
      if (--holders > 0) return
      const last = launched
      launched = null
      const running = await last?.catch(() => null)
      await running?.browser.close().catch(() => {})
      await running?.gone
      await clearBrowserFolders()
    },
  }
}
