import { hashText } from '../random.ts'
import { escapeHtml, page } from './html.ts'
import type { PortalHome } from './portal-homes.ts'
import { type StructuredData, structuredForm, structuredHead } from './portal-structured.ts'

/** Homes on a page of results. */
export const pageSize = 25

const narrow = '\u202f'

/** A number as the portal writes it: `1 234` with a narrow space. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, narrow)
}

function tagged(tag: string, name: string, text: string): string {
  return text === '' ? '' : `<${tag} class="${name}">${escapeHtml(text)}</${tag}>\n`
}

/** The page of a home. */
export function detailPage(home: PortalHome, origin: string, data: StructuredData): string {
  const { row, key, path } = home
  const head = `<link rel="canonical" href="${origin}${path}">
<link rel="stylesheet" href="/style.css">
${structuredHead(home, structuredForm(key, data), origin)}`
  const body = `<nav class="fil"><a href="/">Accueil</a> › <a href="/recherche?ville=${encodeURIComponent(row.city)}">${escapeHtml(row.city)}</a></nav>
<article class="annonce" data-reference="${key}">
${tagged('h1', 'titre', row.title)}${tagged('p', 'statut', row.status)}${tagged('p', 'prix', row.price)}<p class="lieu">${tagged('span', 'adresse', row.address)}${tagged('span', 'cp', row.postal_code)}${tagged('span', 'ville', row.city)}</p>
<ul class="criteres">
${tagged('li', 'type', row.property_type)}${tagged('li', 'surface', row.surface)}${tagged('li', 'terrain', row.land_surface)}${tagged('li', 'pieces', row.rooms)}${tagged('li', 'chambres', row.bedrooms)}${tagged('li', 'etage', row.floor)}${tagged('li', 'annee', row.built_year)}${tagged('li', 'parcelle', row.parcel_id)}</ul>
<dl class="energie">
${tagged('dd', 'dpe-numero', row.dpe_number)}${tagged('dd', 'dpe-classe', row.dpe_class)}${tagged('dd', 'dpe-consommation', row.dpe_energy)}${tagged('dd', 'ges-classe', row.ghg_class)}${tagged('dd', 'ges-emissions', row.dpe_emissions)}</dl>
<p class="carte" hidden>${tagged('span', 'latitude', row.latitude)}${tagged('span', 'longitude', row.longitude)}</p>
${tagged('time', 'publication', row.listed_on)}${tagged('div', 'description', row.description)}<aside class="agence">
${tagged('p', 'agence-nom', row.agency_name)}${tagged('p', 'telephone', row.contact_phone)}${tagged('p', 'courriel', row.contact_email)}</aside>
<a class="outil" href="/prive/favoris?reference=${key}" rel="nofollow">Ajouter aux favoris</a>
</article>`
  return page(`${row.title} – ${row.city}`, head, body)
}

/** The address of a home as results link to it: whole, from the root, relative, or with a tracking parameter. */
function link(home: PortalHome, origin: string, pageNumber: number): string {
  switch (hashText(`link/${home.key}`) % 4) {
    case 0:
      return `${origin}${home.path}`
    case 1:
      return home.path
    case 2:
      return `.${home.path}#photos`
    default:
      return `${home.path}?utm_source=liste&utm_medium=page-${pageNumber}`
  }
}

/** What a page of results shows. */
export interface ResultsPage {
  homes: readonly PortalHome[]
  /** The number it announces; null for none. */
  announced: number | null
  page: number
  hasNext: boolean
  /** The query without its page. */
  query: URLSearchParams
  origin: string
  /** An advertisement of another site among the results. */
  isSponsored: boolean
}

function pageLink(query: URLSearchParams, number: number): string {
  const next = new URLSearchParams(query)
  next.set('page', String(number))
  return escapeHtml(`?${next}`)
}

/** A page of results. */
export function resultsPage(results: ResultsPage): string {
  const { homes, announced, query, origin } = results
  const items = homes.map(
    (home) => `<li class="resultat" data-reference="${home.key}">
<a class="lien" href="${escapeHtml(link(home, origin, results.page))}">${escapeHtml(home.row.title)}</a>
<span class="prix">${escapeHtml(home.row.price)}</span> <span class="lieu">${escapeHtml(`${home.row.postal_code} ${home.row.city}`)}</span>
</li>`,
  )
  if (results.isSponsored) {
    items.splice(
      2,
      0,
      `<li class="resultat sponsorise"><a class="lien" href="https://publicite.example/credit?annonce=1">Votre crédit en 5 minutes</a></li>`,
    )
  }
  const count = announced === null ? '' : `<p class="compte">${grouped(announced)} annonces</p>`
  const list = homes.length === 0 ? '<p class="aucune">Aucune annonce</p>' : ''
  const next = results.hasNext
    ? `<a class="suivante" rel="next" href="${pageLink(query, results.page + 1)}">Page suivante</a>`
    : ''
  const before =
    results.page > 1
      ? `<a class="precedente" rel="prev" href="${pageLink(query, results.page - 1)}">Page précédente</a>`
      : ''
  return page(
    'Annonces immobilières',
    '<link rel="stylesheet" href="/style.css">',
    `<h1>Annonces</h1>
${count}
<form action="/recherche"><a href="${escapeHtml(`?${new URLSearchParams([...query, ['tri', 'prix']])}`)}">Trier par prix</a></form>
${list}<ol class="resultats">
${items.join('\n')}
</ol>
<nav class="pagination">${before} ${next}</nav>
<a href="/prive/alertes" rel="nofollow">Créer une alerte</a>`,
  )
}
