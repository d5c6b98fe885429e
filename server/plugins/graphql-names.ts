/** What GraphQL calls tables whose own names do not fit it. */
export const graphqlNames: Record<string, string> = {
  properties_live: 'live_properties',
  // A composite type is CurrentProperty already.
  properties_current: 'present_properties',
  property_scrapes_staging: 'property_scrapes',
  // The enum of the same name is RuleType already.
  rule_types: 'rule_type_descriptions',
}

/** What GraphQL calls functions: a view has that name in the database. */
export const functionNames: Record<string, string> = { find_scraping_jobs: 'scrapingJobs' }

/** Tables whose rows are asked for under their own name, which says that it holds many. */
export const collectiveNames: Record<string, string> = { prospect_queue: 'prospectQueue' }
