import type { PgSmartTagRule } from 'postgraphile/utils'
import { pgSmartTags } from 'postgraphile/utils'
import { functionNames, graphqlNames } from './graphql-names.ts'

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
  'sources',
  'scrape_sessions',
  'sync_metadata',
  'validation_rules',
  'validation_results',
  'rule_fields',
  'quality_thresholds',
  'data_quality_metrics',
  'listing_stats',
  'change_confidence_cells',
  'concurrency_groups',
  'pipelines',
  'pipeline_stages',
  'pipeline_runs',
  'pipeline_run_stages',
  'pipelines_overview',
  'scraping_jobs',
])

/** Tables of which single rows are looked at, never sums. */
const listed = new Set([
  'property_scrapes_staging',
  'scrape_items',
  'staged_properties',
  'detected_changes',
  'validation_failures',
  'quarantined_rows',
  'property_changes',
  'change_batches',
  'change_outcomes',
  'change_events',
  'admin_actions',
  'audit_seals',
  'prospect_queue',
  'pipeline_tasks',
  'pipeline_attempts',
  'offmarket_leads',
])

/** Tables with figures that are worth summing up. */
const summed = new Set(['market_stats', 'listing_stats'])

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

/** Columns of live homes to refine a search by, likewise. */
const homeRefinements = new Set([
  'source_key',
  'status',
  'property_type',
  'department_code',
  'postal_code',
  'price_eur',
  'surface_m2',
  'land_surface_m2',
  'price_per_m2',
  'room_count',
  'built_year',
  'dpe_class',
  'listed_on',
  'sold_on',
  'quality_score',
  'completeness',
  'updated_at',
])

type Relations = Record<string, { fieldName: string; foreignFieldName: string }>

/** What relations of pipelines are called: their columns are named as people name the things themselves. */
const pipelineRelations: Relations = {
  pipeline_stages_pipeline_fkey: { fieldName: 'definition', foreignFieldName: 'stages' },
  pipeline_stages_concurrency_group_fkey: { fieldName: 'group', foreignFieldName: 'stages' },
  pipeline_runs_pipeline_fkey: { fieldName: 'definition', foreignFieldName: 'runs' },
  pipeline_run_stages_run_id_fkey: { fieldName: 'run', foreignFieldName: 'stages' },
  pipeline_tasks_run_id_fkey: { fieldName: 'run', foreignFieldName: 'tasks' },
  pipeline_tasks_stage_fkey: { fieldName: 'stage', foreignFieldName: 'tasks' },
  pipeline_attempts_task_id_fkey: { fieldName: 'task', foreignFieldName: 'attempts' },
}

/** What relations are called, from the row that refers and from the row referred to. */
const relations: Relations = {
  ...pipelineRelations,
  dvf_sources_release_id_fkey: { fieldName: 'release', foreignFieldName: 'sources' },
  dvf_release_scopes_release_id_fkey: { fieldName: 'release', foreignFieldName: 'scopes' },
  transactions_insee_code_fkey: { fieldName: 'city', foreignFieldName: 'transactions' },
  transaction_dispositions_transaction_id_fkey: {
    fieldName: 'transaction',
    foreignFieldName: 'dispositions',
  },
  city_postal_codes_insee_code_fkey: { fieldName: 'city', foreignFieldName: 'postalCodes' },
  former_cities_insee_code_fkey: { fieldName: 'city', foreignFieldName: 'formerCities' },
  scrape_sessions_source_id_fkey: { fieldName: 'source', foreignFieldName: 'sessions' },
  scrape_sessions_undoes_session_id_fkey: { fieldName: 'undoes', foreignFieldName: 'undoneBy' },
  sync_metadata_session_id_fkey: { fieldName: 'session', foreignFieldName: 'sync' },
  sync_metadata_source_id_fkey: { fieldName: 'source', foreignFieldName: 'syncs' },
  validation_results_session_id_fkey: { fieldName: 'session', foreignFieldName: 'validationResults' },
  scrape_items_session_id_fkey: { fieldName: 'session', foreignFieldName: 'items' },
  quarantined_rows_session_id_fkey: { fieldName: 'session', foreignFieldName: 'quarantinedRows' },
  properties_live_insee_code_fkey: { fieldName: 'city', foreignFieldName: 'liveProperties' },
  properties_live_source_id_fkey: { fieldName: 'source', foreignFieldName: 'liveProperties' },
}

/** Columns that are the machine's own business. */
const internals = new Set([
  'content_digest',
  'location',
  'normal_name',
  'name_key',
  'located_release_id',
  'search',
  'bucket',
  'staging_bucket',
  'raw_fingerprint',
  'judged_by',
  'prepared_against',
  'prepared_rules',
  'job_id',
])

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
      attribute.getClass()?.relname === 'properties_live' && homeRefinements.has(attribute.attname),
    tags: { isIndexed: true },
  },
  {
    kind: 'attribute',
    match: (attribute) =>
      attribute.getClass()?.relname === 'property_changes' &&
      ['kind', 'field_name', 'session_id', 'insee_code', 'property_type'].includes(attribute.attname),
    tags: { isIndexed: true },
  },
  {
    kind: 'attribute',
    match: (attribute) =>
      attribute.getClass()?.relname === 'scrape_items' &&
      ['session_id', 'kind', 'status', 'coverage'].includes(attribute.attname),
    tags: { isIndexed: true },
  },
  {
    kind: 'attribute',
    match: (attribute) =>
      attribute.getClass()?.relname === 'offmarket_leads' &&
      ['department_code', 'property_type', 'score', 'found_at', 'ended_at'].includes(attribute.attname),
    tags: { isIndexed: true },
  },
  {
    kind: 'attribute',
    match: (attribute) =>
      attribute.getClass()?.relname === 'transaction_changes' &&
      ['release_id', 'field_name'].includes(attribute.attname),
    tags: { isIndexed: true },
  },
  {
    kind: 'attribute',
    match: (attribute) =>
      attribute.getClass()?.relname === 'pipeline_tasks' &&
      ['status', 'item_key'].includes(attribute.attname),
    tags: { isIndexed: true },
  },
  ...Object.entries(functionNames).map(
    ([name, graphqlName]): PgSmartTagRule => ({
      kind: 'procedure',
      match: `app_public.${name}`,
      tags: { name: graphqlName },
    }),
  ),
  ...Object.entries(graphqlNames).map(
    ([table, name]): PgSmartTagRule => ({ kind: 'class', match: `app_public.${table}`, tags: { name } }),
  ),
  {
    kind: 'attribute',
    match: (attribute) =>
      attribute.getClass()?.relname === 'change_batches' && attribute.attname === 'transaction_id',
    tags: hidden,
  },
  { kind: 'attribute', match: (attribute) => internals.has(attribute.attname), tags: hidden },
  {
    kind: 'attribute',
    match: (attribute) => attribute.attname === 'id' || attribute.attname.endsWith('_id'),
    tags: { behavior: '-aggregate' },
  },
  {
    kind: 'class',
    match: ({ relname }) => (smallTables.has(relname) && !summed.has(relname)) || listed.has(relname),
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
  {
    // A home may be gone while what happened to it stays.
    kind: 'class',
    match: 'app_public.property_changes',
    tags: {
      foreignKey: [
        '(property_id) references app_public.properties_live (id)|@fieldName property|@foreignFieldName changes',
        '(session_id) references app_public.scrape_sessions (id)|@fieldName session|@foreignFieldName changes',
      ],
    },
  },
  {
    kind: 'class',
    match: 'app_public.offmarket_leads',
    tags: {
      foreignKey: [
        '(property_id) references app_public.properties_live (id)|@fieldName property|@foreignFieldName lead',
        '(insee_code) references app_public.cities (insee_code)|@fieldName city|@foreignFieldName leads',
      ],
    },
  },
  {
    kind: 'class',
    match: 'app_public.listing_stats',
    tags: {
      foreignKey:
        '(insee_code) references app_public.cities (insee_code)|@fieldName city|@foreignFieldName listingStats',
    },
  },
  {
    kind: 'class',
    match: 'app_public.pipelines_overview',
    tags: { primaryKey: 'name' },
  },
  {
    // Asked for by find_scraping_jobs, under this name.
    kind: 'class',
    match: 'app_public.scraping_jobs',
    tags: { primaryKey: 'session_id', behavior: '-query:resource:list -query:resource:connection' },
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
    // It has a filter of its own, which the database reads along its index.
    kind: 'procedure',
    match: 'app_public.change_events_since',
    tags: { behavior: '+queryField +connection -filterProc' },
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
