import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { ReferenceSeed } from './index.ts'

/** A source that every database knows; what an operator has set on it since stays. */
interface SourceRow {
  code: string
  name: string
  kind: 'explorer' | 'portal' | 'feed' | 'sitemap' | 'register' | 'legacy'
  base_url: string | null
  is_enabled: boolean
  config: Record<string, unknown>
  likely_removed_after: number
  removed_after: number
  removal_grace: string
  reliability: number
}

const rows: SourceRow[] = [
  {
    code: 'dvf',
    name: 'Demandes de valeurs foncières (DGFiP)',
    kind: 'register',
    base_url: null,
    is_enabled: true,
    config: {},
    // What a register no longer holds it has withdrawn: there is nothing to wait for.
    likely_removed_after: 1,
    removed_after: 1,
    removal_grace: '0',
    reliability: 0.99,
  },
  {
    code: 'csv',
    name: 'Files staged by hand',
    kind: 'feed',
    base_url: null,
    is_enabled: true,
    // Where neither key nor address of a page is given, the home is told by what hardly changes about it.
    config: { key_columns: ['address', 'postal_code', 'city', 'property_type', 'surface', 'rooms', 'floor'] },
    likely_removed_after: 1,
    removed_after: 3,
    removal_grace: '48 hours',
    reliability: 0.9,
  },
  {
    code: 'legacy',
    name: 'The older table pulled_properties',
    kind: 'legacy',
    base_url: null,
    is_enabled: true,
    config: {},
    // What somebody deleted from the table is gone.
    likely_removed_after: 1,
    removed_after: 1,
    removal_grace: '0',
    reliability: 0.9,
  },
  {
    code: 'immodata',
    name: 'Immo Data transaction explorer',
    kind: 'explorer',
    base_url: null,
    // Until the operator has settled that its terms and its robots.txt allow the use.
    is_enabled: false,
    // The operator who enables it adds its address, and `selectors`: what its pages are read by.
    config: {
      requests_per_second: 0.5,
      search: {
        path: '/explorateur/transaction/recherche',
        parameters: {
          center: 'center',
          zoom: 'zoom',
          property_types: 'propertytypes',
          month_from: 'minmonthyear',
          month_to: 'maxmonthyear',
          price_from: 'minprice',
          price_to: 'maxprice',
        },
      },
      property_types: { commercial: 0, house: 1, flat: 2, land: 4, other: 5 },
      zoom: 12,
      view_km: { width: 17, height: 14 },
      overlap: 0.1,
      results_at_most: 101,
      split_from: 95,
      first_month: '2014-01',
    },
    likely_removed_after: 1,
    removed_after: 3,
    removal_grace: '48 hours',
    reliability: 0.9,
  },
]

/** The sources that ship: made when they are missing and never changed: an operator may have set anything. */
export const sources: ReferenceSeed = {
  name: 'sources',
  async hash() {
    return createHash('sha256')
      .update(await readFile(new URL(import.meta.url), 'utf8'))
      .digest('hex')
  },
  async merge(client) {
    await client.query(
      `merge into app_public.sources as t
       using jsonb_to_recordset($1::jsonb) as s (
         code text, name text, kind app_base.source_kind, base_url text, is_enabled boolean, config jsonb,
         likely_removed_after smallint, removed_after smallint, removal_grace interval, reliability real
       )
         on t.code = s.code
       when not matched then insert (
           code, name, kind, base_url, is_enabled, config, likely_removed_after, removed_after, removal_grace,
           reliability
         )
         values (
           s.code, s.name, s.kind, s.base_url, s.is_enabled, s.config, s.likely_removed_after, s.removed_after,
           s.removal_grace, s.reliability
         )`,
      [JSON.stringify(rows)],
    )
  },
}
