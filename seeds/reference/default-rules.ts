import type { Client } from 'pg'
import { dpeFitsFigures } from './dpe-classes.ts'
import type { ReferenceSeed } from './index.ts'

/** A rule that every deploy merges, unless somebody has edited it. */
export type DefaultRule = {
  name: string
  field: string | null
  type: string
  config: Record<string, unknown>
  severity: 'info' | 'warning' | 'error' | 'blocker'
  description: string
  weight?: number
  propertyType?: string
  where?: string
}

/** The rules for French homes that come with Parcelle. */
export const defaultRules: readonly DefaultRule[] = [
  {
    name: 'key_present',
    field: 'source_key',
    type: 'required',
    config: {},
    severity: 'error',
    description: 'A row without a key cannot be told from another one.',
  },
  {
    name: 'key_unambiguous',
    field: 'source_key',
    type: 'unique',
    config: {},
    severity: 'warning',
    description: 'One key stands for one home; where a session says two things under it, the last row holds.',
  },
  {
    name: 'city_present',
    field: 'city',
    type: 'required',
    config: {},
    severity: 'error',
    weight: 2,
    description: 'A home without a place can be compared with nothing.',
  },
  {
    name: 'commune_known',
    field: 'insee_code',
    type: 'required',
    config: {},
    severity: 'warning',
    weight: 2,
    description: 'City and postal code decide on one commune.',
  },
  {
    name: 'commune_sure',
    field: 'city',
    type: 'confidence_min',
    config: { min: 0.7 },
    severity: 'info',
    description: 'Namesakes and misspellings leave a doubt about the commune.',
  },
  {
    name: 'price_present',
    field: 'price',
    type: 'required',
    config: {},
    severity: 'warning',
    weight: 2,
    description: 'A home without a price counts for nothing in statistics ("prix sur demande").',
  },
  {
    name: 'type_present',
    field: 'property_type',
    type: 'required',
    config: {},
    severity: 'warning',
    weight: 2,
    description: 'House, flat or land: without it there are no peers.',
  },
  {
    name: 'surface_present',
    field: 'surface',
    type: 'required_if',
    config: { field: 'property_type', in: ['house', 'flat'] },
    severity: 'warning',
    description: 'A dwelling has a surface.',
  },
  {
    name: 'price_readable',
    field: 'price',
    type: 'data_type',
    config: {},
    severity: 'error',
    weight: 2,
    description: 'A price that cannot be read (negative, glued to another one) must not empty the live one.',
  },
  {
    name: 'surface_readable',
    field: 'surface',
    type: 'data_type',
    config: {},
    severity: 'error',
    description: 'A surface that cannot be read must not empty the live one.',
  },
  {
    name: 'fields_readable',
    field: null,
    type: 'data_type',
    config: {},
    severity: 'warning',
    description: 'What the source says can be read.',
  },
  {
    name: 'house_price',
    field: 'price',
    type: 'range',
    config: { min: 10000, max: 20000000 },
    severity: 'warning',
    propertyType: 'house',
    description: 'Houses cost more than a garage and less than a castle.',
  },
  {
    name: 'flat_price',
    field: 'price',
    type: 'range',
    config: { min: 8000, max: 20000000 },
    severity: 'warning',
    propertyType: 'flat',
    description: 'Flats cost more than a cellar and less than a building.',
  },
  {
    name: 'asking_price',
    field: 'price',
    type: 'range',
    config: { min: 100, max: 200000000 },
    severity: 'error',
    where: "status <> 'sold'",
    description: 'Nobody asks for 1 €; sales at such a price exist and are kept.',
  },
  {
    name: 'house_surface',
    field: 'surface',
    type: 'range',
    config: { min: 15, max: 1200 },
    severity: 'warning',
    propertyType: 'house',
    description: 'Living surface of a house; larger ones are mostly land, or square centimetres.',
  },
  {
    name: 'flat_surface',
    field: 'surface',
    type: 'range',
    config: { min: 6, max: 600 },
    severity: 'warning',
    propertyType: 'flat',
    description: 'Living surface of a flat; the law lets nothing below 9 m² (or 20 m³), sales go lower.',
  },
  {
    name: 'land_surface',
    field: 'land_surface',
    type: 'range',
    config: { min: 1, max: 5000000 },
    severity: 'info',
    description: 'Land of up to 500 hectares.',
  },
  {
    name: 'price_among_peers',
    field: 'price_per_m2',
    type: 'peer_outlier',
    config: { max_deviations: 8, min_count: 20 },
    severity: 'warning',
    weight: 2,
    description:
      'Price per m² far from that of the same type in the same commune: a digit too many or too few.',
  },
  {
    name: 'price_step',
    field: 'price',
    type: 'rate_of_change',
    config: { max_ratio: 2 },
    severity: 'warning',
    description: 'No price triples, or falls to a third, from one session to the next.',
  },
  {
    name: 'rooms',
    field: 'rooms',
    type: 'range',
    config: { min: 1, max: 30 },
    severity: 'warning',
    description: 'Main rooms of one dwelling.',
  },
  {
    name: 'rooms_fit_surface',
    field: null,
    type: 'cross_field',
    config: { left: 'surface', op: '>=', right: 'rooms', factor: 6 },
    severity: 'warning',
    description: 'A main room has at least 6 m².',
  },
  {
    name: 'bedrooms_fit_rooms',
    field: null,
    type: 'cross_field',
    config: { left: 'bedrooms', op: '<=', right: 'rooms' },
    severity: 'warning',
    description: 'Bedrooms are main rooms.',
  },
  {
    name: 'floor',
    field: 'floor',
    type: 'range',
    config: { min: -5, max: 60 },
    severity: 'warning',
    description: 'The highest dwelling towers of France have fewer than 60 floors.',
  },
  {
    name: 'built_year',
    field: 'built_year',
    type: 'range',
    config: { min: 1000, max: 2035 },
    severity: 'warning',
    description: 'Some houses are medieval; plans for new ones reach a few years ahead.',
  },
  {
    name: 'postal_code_in_commune',
    field: 'postal_code',
    type: 'reference',
    config: {
      table: 'city_postal_codes',
      columns: { postal_code: 'postal_code', insee_code: 'insee_code' },
    },
    severity: 'warning',
    description: 'The postal code serves the commune.',
  },
  {
    name: 'parcel_in_commune',
    field: 'parcel_id',
    type: 'cross_field',
    config: { left: 'parcel_id', op: 'in_commune', right: 'insee_code' },
    severity: 'warning',
    description: 'A parcel id begins with its commune, a former one or an arrondissement.',
  },
  {
    name: 'listed_by_now',
    field: 'listed_on',
    type: 'range',
    config: { min: '1990-01-01', max: 'today+1' },
    severity: 'error',
    description: 'Nothing was put up for sale in the future.',
  },
  {
    name: 'sold_by_now',
    field: 'sale_date',
    type: 'range',
    config: { min: '1900-01-01', max: 'today+1' },
    severity: 'error',
    description: 'Nothing was sold in the future.',
  },
  {
    name: 'dpe_fits_figures',
    field: 'dpe_class',
    type: 'expression',
    config: {
      expression: dpeFitsFigures,
    },
    severity: 'warning',
    where: 'surface >= 40 and dpe_energy is not null and dpe_emissions is not null',
    description:
      'The class is the worse of energy and emissions. Under 40 m² other thresholds hold since July 2024, and where the surface is not known nothing is judged.',
  },
  {
    name: 'coordinates_in_department',
    field: null,
    type: 'geo_within',
    config: { area: 'department' },
    severity: 'warning',
    description: 'The point lies in the department of the commune.',
  },
  {
    name: 'coordinates_in_france',
    field: null,
    type: 'geo_within',
    config: { area: 'france' },
    severity: 'warning',
    description: 'The point lies in France, overseas included.',
  },
  ...(
    [
      ['postal_code', 'postal_code', 'Five digits, 01000 to 98999.'],
      ['parcel_id', 'parcel_id', 'Fourteen characters of the land register.'],
      ['dpe_number', 'dpe_number', 'Thirteen characters: year, department, kind, serial number.'],
      ['property_url', 'url', 'An address of the web.'],
      ['contact_email', 'email', 'An e-mail address.'],
    ] as const
  ).map(
    ([field, preset, description]): DefaultRule => ({
      name: `${field}_format`,
      field,
      type: 'format',
      config: { preset },
      severity: 'warning',
      description,
    }),
  ),
  {
    name: 'title_is_text',
    field: 'title',
    type: 'not_regex',
    config: { pattern: '</?[a-z][^>]*>', ignore_case: true },
    severity: 'warning',
    description: 'Markup in a title: the page was not read, only copied.',
  },
  {
    name: 'mostly_filled',
    field: null,
    type: 'completeness',
    config: { min: 0.3 },
    severity: 'info',
    description: 'A row that says next to nothing was cut off.',
  },
  {
    name: 'same_home_twice',
    field: null,
    type: 'compound_unique',
    config: {
      fields: ['insee_code', 'address_key', 'property_type', 'surface', 'price'],
      within: 'source',
    },
    severity: 'info',
    description: 'Two keys, one address, one price: one home shown twice, or two alike in one building.',
  },
  {
    name: 'usual_volume',
    field: null,
    type: 'volume_vs_history',
    config: { min_ratio: 0.7, max_ratio: 1.5, sessions: 5, min_sessions: 2 },
    severity: 'warning',
    description: 'As many rows as the last sessions of the same scope brought.',
  },
  {
    name: 'few_repeats',
    field: null,
    type: 'duplicate_rate',
    config: { max: 0.1 },
    severity: 'warning',
    description: 'Pages that repeat under pagination hide others.',
  },
  {
    name: 'same_layout',
    field: null,
    type: 'schema_drift',
    config: { max_missing: 0, max_new: 0, sample: 2000 },
    severity: 'info',
    description: 'The source fills the columns and payload keys it filled before.',
  },
]

/** The default rules. One that somebody has edited is left alone; one that was switched off stays off. */
export const validationRules: ReferenceSeed = {
  name: 'validation-rules',
  hash: () => JSON.stringify(defaultRules),
  async merge(client: Client): Promise<void> {
    await client.query(`select set_config('parcelle.merges_defaults', 'on', true)`)
    await client.query(
      `merge into app_public.validation_rules as t
       using (
         select s.*, coalesce(s.rule_weight, 1) as weight
         from jsonb_to_recordset($1::jsonb) as s (
           name text, field text, type app_base.rule_type, config jsonb, severity app_base.rule_severity,
           description text, rule_weight numeric, "propertyType" app_base.property_type, "where" text
         )
       ) as s on t.rule_name = s.name
       when matched and t.is_default and (
         t.field_name, t.rule_type, t.rule_config, t.severity, t.weight, t.description, t.property_type, t.scope_where
       ) is distinct from (
         s.field, s.type, s.config, s.severity, s.weight, s.description, s."propertyType", s."where"
       ) then update set field_name = s.field, rule_type = s.type, rule_config = s.config, severity = s.severity,
         weight = s.weight, description = s.description, property_type = s."propertyType", scope_where = s."where"
       when not matched then insert (
         rule_name, field_name, rule_type, rule_config, severity, weight, description, property_type, scope_where, owner
       )
       values (
         s.name, s.field, s.type, s.config, s.severity, s.weight, s.description, s."propertyType", s."where", 'parcelle'
       )
       when not matched by source and t.is_default then delete`,
      [JSON.stringify(defaultRules.map(({ weight, ...rule }) => ({ ...rule, rule_weight: weight })))],
    )
    await client.query(`select set_config('parcelle.merges_defaults', '', true)`)
  },
}
