/** What GraphQL calls tables whose own names do not fit it. */
export const graphqlNames: Record<string, string> = {
  properties_live: 'live_properties',
  // A composite type is CurrentProperty already.
  properties_current: 'present_properties',
  property_scrapes_staging: 'property_scrapes',
  // The enum of the same name is RuleType already.
  rule_types: 'rule_type_descriptions',
}
