import { ScrapeRefusal } from './adapter.ts'

// How a site shows that it does not want to be read by a machine. It is recognised and respected: nothing here, or
// anywhere else, tries to get past it.

const challengeTitle =
  /^(just a moment|un instant|attention required|access denied|accès refusé|pardon our interruption|are you a robot|êtes-vous un robot|security check|vérification de sécurité|verifying you are human|please verify|ddos-guard|you have been blocked|vous avez été bloqué|human verification|robot check|captcha)/i
const challengeMarks =
  /cf-chl-|cf_chl_|challenge-platform|challenge-form|challenge-running|captcha-delivery\.com|datadome|px-captcha|perimeterx|_incapsula_resource|imperva|awswafcaptcha|g-recaptcha|h-captcha|hcaptcha\.com|recaptcha\/api|cf-turnstile|geo\.captcha/i
const loginTitle =
  /^(connexion|connectez-vous|se connecter|identification|identifiez-vous|log ?in|sign ?in|authentification|espace membre)(?![\p{L}])/iu
const loginPath =
  /\/(?:login|log-in|signin|sign-in|connexion|se-connecter|authentification|account\/login)(?:[/?#.]|$)/i
const passwordField = /<input[^>]{0,300}type\s*=\s*["']?password/i

/** What is looked at: the status, the address where it came from in the end, the page. */
export interface LookedAt {
  url: string
  status: number
  text: string
}

function titleOf(text: string): string {
  let start = text.indexOf('<title')
  if (start < 0 || start > 20_000) start = text.slice(0, 20_000).search(/<title[\s>]/i)
  if (start < 0) return ''
  const from = text.indexOf('>', start) + 1
  return text.slice(from, Math.min(text.indexOf('<', from) >>> 0, from + 300))
}

/**
 * Refuses a page that says outright that it is a challenge or a login wall: by its status, its address after
 * redirects, or its title. ScrapeRefusal `challenge` or `login`.
 */
export function refuseWall(page: LookedAt, asked: string): void {
  const title = titleOf(page.text).trimStart()
  if (challengeTitle.test(title)) throw challenge(page.url)
  if (page.status === 401 || page.status === 407) throw login(page.url)
  if ((page.status === 403 || page.status === 429 || page.status === 503) && challengeMarks.test(page.text)) {
    throw challenge(page.url)
  }
  if (loginTitle.test(title) && passwordField.test(page.text)) throw login(page.url)
  if (page.url !== asked && loginPath.test(page.url) && !loginPath.test(asked)) throw login(page.url)
}

/**
 * Refuses a page in which nothing was found that was looked for, when it shows a captcha or asks for a password. A page
 * with what was looked for may carry both for other reasons. ScrapeRefusal `challenge` or `login`.
 */
export function refuseEmptyWall(page: LookedAt): void {
  if (challengeMarks.test(page.text)) throw challenge(page.url)
  if (passwordField.test(page.text)) throw login(page.url)
}

const challenge = (url: string) => new ScrapeRefusal('challenge', `${url} shows a challenge page`)
const login = (url: string) => new ScrapeRefusal('login', `${url} wants somebody to log in`)
