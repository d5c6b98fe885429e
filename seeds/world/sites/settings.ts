import { feedColumns } from './portal-lists.ts'

// What `sources.config` must say for the simulated sites.

/** Where a home's page says what, by staging column. */
const fields = {
  status: '.statut',
  title: 'h1.titre',
  address: '.lieu .adresse',
  postal_code: '.lieu .cp',
  city: '.lieu .ville',
  parcel_id: '.parcelle',
  property_type: '.criteres .type',
  price: '.prix',
  surface: '.criteres .surface',
  land_surface: '.criteres .terrain',
  rooms: '.criteres .pieces',
  bedrooms: '.criteres .chambres',
  floor: '.criteres .etage',
  built_year: '.criteres .annee',
  dpe_number: '.energie .dpe-numero',
  dpe_class: '.energie .dpe-classe',
  dpe_energy: '.energie .dpe-consommation',
  ghg_class: '.energie .ges-classe',
  dpe_emissions: '.energie .ges-emissions',
  listed_on: 'time.publication',
  longitude: '.carte .longitude',
  latitude: '.carte .latitude',
  agency_name: '.agence .agence-nom',
  contact_phone: '.agence .telephone',
  contact_email: '.agence .courriel',
  description: '.description',
}

const detail = { url: '/annonces/[^/]+/[^/]+/(\\d+)$', fields }

/** For the portal's pages. `requests_per_second` null is no limit. */
export function portalSettings(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    requests_per_second: null,
    search: {
      url: '/recherche?lieu={insee_code}&page={page}',
      link: 'li.resultat a.lien',
      next: 'a.suivante',
      count: '.compte',
      empty: '.aucune',
      result: 'li.resultat',
      price: '.prix',
    },
    detail,
    ...more,
  }
}

/** For the portal's feed in one of its forms. */
export function feedSettings(form: 'csv' | 'json' | 'xml' = 'json'): Record<string, unknown> {
  return {
    requests_per_second: null,
    feed: { url: `/flux/annonces.${form}`, format: form, ...(form !== 'csv' && { items: itemsAt[form] }) },
    columns: feedColumns,
  }
}

const itemsAt = { json: 'annonces', xml: 'annonces.annonce' } as const

/** For the portal's sitemap, whose entries are read as the portal's pages are. */
export function sitemapSettings(): Record<string, unknown> {
  return { requests_per_second: null, sitemap: {}, detail }
}
