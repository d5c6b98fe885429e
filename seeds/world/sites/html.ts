import { hashText } from '../random.ts'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

/** Text as it is written in markup and in the values of attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign)
}

/** A page: its title, what stands in its head beside that, its body. */
export function page(title: string, head: string, body: string): string {
  return `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<title>${escapeHtml(title)}</title>
${head}
</head>
<body>
${body}
</body>
</html>
`
}

/**
 * The same page after the site's people have rebuilt it: other class names, other attributes, no structured data. A
 * reader sees no difference.
 */
export function rebuiltMarkup(html: string): string {
  return html
    .replace(/<script type="application\/ld\+json">[\s\S]*?<\/script>/g, '')
    .replace(/<meta property="[^"]*"[^>]*>/g, '')
    .replace(/\b(class|id|data-[a-z-]+|itemprop)="([^"]*)"/g, (_, name: string, value: string) =>
      name.startsWith('data-') ? '' : `class="x${hashText(value).toString(36)}"`,
    )
    .replace(/<(article|section|ul|li|dl|dt|dd|h1|h2)\b/g, '<div')
    .replace(/<\/(article|section|ul|li|dl|dt|dd|h1|h2)>/g, '</div>')
}

/** A page that wants to know whether a person reads it. */
export function challengePage(): string {
  return page(
    'Just a moment...',
    '<meta name="robots" content="noindex,nofollow"><meta http-equiv="refresh" content="390">',
    `<h1>Vérification de sécurité</h1>
<p>Vérifiez que vous êtes humain. Cette opération peut prendre quelques secondes.</p>
<div class="h-captcha" data-sitekey="simulated"></div>
<div id="challenge-running"></div><form id="challenge-form" action="/" method="post"></form>
<noscript>Enable JavaScript and cookies to continue</noscript>`,
  )
}

/** A page that wants an account. */
export function loginPage(): string {
  return page(
    'Connexion',
    '<meta name="robots" content="noindex">',
    `<h1>Connectez-vous pour continuer</h1>
<form class="login" action="/connexion" method="post">
<label>Adresse e-mail <input type="email" name="email" autocomplete="username"></label>
<label>Mot de passe <input type="password" name="password" autocomplete="current-password"></label>
<button type="submit">Se connecter</button>
</form>`,
  )
}
