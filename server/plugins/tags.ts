import type { PgSmartTagRule } from 'postgraphile/utils'
import { pgSmartTags } from 'postgraphile/utils'

const hidden = { behavior: '-*' }

/** Tables small enough to be read whole: every column may be filtered and ordered by, indexed or not. */
const smallTables = new Set([
  'regions',
  'departments',
  'cities',
  'city_postal_codes',
  'former_cities',
  'market_stats',
  'dvf_releases',
  'dvf_sources',
  'dvf_release_scopes',
  'dvf_publications',
])

/** Columns of the ledger to refine a search by; the place or period beside them brings the index. */
const refinements = new Set([
  'parent_insee_code',
  'property_type',
  'nature',
  'postal_code',
  'street_name',
  'built_surface_m2',
  'dwelling_surface_m2',
  'land_surface_m2',
  'room_count',
  'house_count',
  'flat_count',
  'annex_count',
  'commercial_count',
  'lot_count',
  'is_count_certain',
  'price_per_m2',
  'price_per_m2_reason',
  'identity_basis',
  'mutation_is_partial',
  'changed_release_id',
  'added_release_id',
])

/** What relations are called, from the row that refers and from the row referred to. */
const relations: Record<string, { fieldName: string; foreignFieldName: string }> = {
  dvf_sources_release_id_fkey: { fieldName: 'release', foreignFieldName: 'sources' },
  dvf_release_scopes_release_id_fkey: { fieldName: 'release', foreignFieldName: 'scopes' },
  transactions_insee_code_fkey: { fieldName: 'city', foreignFieldName: 'transactions' },
  transaction_dispositions_transaction_id_fkey: {
    fieldName: 'transaction',
    foreignFieldName: 'dispositions',
  },
  city_postal_codes_insee_code_fkey: { fieldName: 'city', foreignFieldName: 'postalCodes' },
  former_cities_insee_code_fkey: { fieldName: 'city', foreignFieldName: 'formerCities' },
}

/** Columns that are the machine's own business. */
const internals = new Set(['content_digest', 'location', 'normal_name', 'name_key', 'located_release_id'])

const rules: PgSmartTagRule[] = [
  {
    kind: 'attribute',
    match: (attribute) => smallTables.has(attribute.getClass()?.relname ?? ''),
    tags: { isIndexed: true },
  },
  {
    kind: 'attribute',
    match: (attribute) =>
      attribute.getClass()?.relname === 'transactions' && refinements.has(attribute.attname),
    tags: { isIndexed: true },
  },
  {
    kind: 'attribute',
    match: (attribute) =>
      attribute.getClass()?.relname === 'transaction_changes' &&
      ['release_id', 'field_name'].includes(attribute.attname),
    tags: { isIndexed: true },
  },
  { kind: 'attribute', match: (attribute) => internals.has(attribute.attname), tags: hidden },
  {
    kind: 'attribute',
    match: (attribute) => attribute.attname === 'id' || attribute.attname.endsWith('_id'),
    tags: { behavior: '-aggregate' },
  },
  {
    kind: 'class',
    match: (table) => smallTables.has(table.relname) && table.relname !== 'market_stats',
    tags: { behavior: '-resource:aggregates -resource:groupedAggregates' },
  },
  ...Object.entries(relations).map(
    ([name, tags]): PgSmartTagRule => ({
      kind: 'constraint',
      match: ({ conname }) => conname === name,
      tags,
    }),
  ),
  {
    // A withdrawn sale is gone while its change stays, so no constraint says these.
    kind: 'class',
    match: 'app_public.transaction_changes',
    tags: {
      foreignKey: [
        '(transaction_id) references app_public.transactions (id)|@fieldName transaction|@foreignFieldName changes',
        '(release_id) references app_public.dvf_releases (id)|@fieldName release|@foreignFieldName changes',
      ],
    },
  },
  { kind: 'procedure', match: 'app_public.distance_m', tags: hidden },
  { kind: 'procedure', match: 'app_public.bounding_box', tags: hidden },
  { kind: 'procedure', match: 'app_public.deployed_state', tags: hidden },
  {
    kind: 'procedure',
    match: 'app_public.search_transactions',
    tags: { behavior: '+queryField +connection +filter +order' },
  },
  {
    kind: 'procedure',
    match: 'app_public.nearest_transactions',
    tags: { behavior: '+queryField +connection +filter' },
  },
]

/**
 * What the API shows otherwise than its defaults would: tables and functions say what they are in their comments,
 * here stands only how GraphQL takes them.
 */
export const tagsPlugin: GraphileConfig.Plugin = pgSmartTags(rules, null, { name: 'ParcelleTagsPlugin' })
