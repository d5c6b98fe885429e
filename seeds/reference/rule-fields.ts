import type { Client } from 'pg'
import type { ReferenceSeed } from './index.ts'

type Significance = 'any' | 'ratio' | 'metres' | 'similarity' | 'never'

/** A field of a home: what rules and reports call it, the column it stands in, how much it counts, when a step of it matters. */
export type RuleField = {
  /** What rules call it. */
  name: string
  /** Column of properties_live and, unless it is computed, of staged_properties. */
  column: string
  /** Column of property_scrapes_staging it is read from; null where it is derived. */
  staged: string | null
  /** SQL type of the column. */
  type: string
  description: string
  /** Its part in completeness; 0 where every home has it, or where being empty says nothing. */
  weight: number
  isPersonal: boolean
  significance: Significance
  /** A smaller step makes no change record: relative step, metres, or 1 − similarity. */
  threshold: number
}

function field(
  name: string,
  column: string,
  type: string,
  weight: number,
  description: string,
  more: Partial<RuleField> = {},
): RuleField {
  return {
    name,
    column,
    type,
    weight,
    description,
    staged: name,
    isPersonal: false,
    significance: 'any',
    threshold: 0,
    ...more,
  }
}

const numeric = 'numeric'
const type = 'app_base.property_type'
const derived = { staged: null } satisfies Partial<RuleField>

/** Every field that rules may name, in the order of the columns. */
export const fields: readonly RuleField[] = [
  field('source_key', 'source_key', 'text', 0, 'The key the source gives the home.'),
  field('property_url', 'property_url', 'text', 1, 'Address of the page.'),
  field('status', 'status', 'app_base.property_status', 0, 'Active, under offer or sold.'),
  field('title', 'title', 'text', 0.5, 'Headline.', { significance: 'similarity', threshold: 0.1 }),
  field('address', 'address', 'text', 1, 'Number and street.'),
  field('street_number', 'street_number', 'integer', 0, 'Number in the street.', derived),
  field('street_name', 'street_name', 'text', 0, 'Name of the street, without its type.', derived),
  field('address_key', 'address_key', 'text', 0, 'The form in which addresses are compared.', {
    ...derived,
    significance: 'never',
  }),
  field('postal_code', 'postal_code', 'text', 1, 'Postal code, five digits.'),
  field('city', 'city_name', 'text', 2, 'Name of the commune.'),
  field('insee_code', 'insee_code', 'text', 2, 'Code of the commune, where name and postal code decide it.'),
  field('department', 'department_code', 'text', 0, 'Code of the department.', derived),
  field('city_confidence', 'city_confidence', numeric, 0, 'How surely the commune is known, 0 to 1.', {
    ...derived,
    significance: 'never',
  }),
  field('parcel_id', 'parcel_id', 'text', 0, 'Parcel of the land register, 14 characters.'),
  field('property_type', 'property_type', type, 2, 'House, flat, land, commercial premises, annex.'),
  field('price', 'price_eur', numeric, 3, 'Price, €.', { significance: 'ratio', threshold: 0.001 }),
  field('price_per_m2', 'price_per_m2', numeric, 0, 'Price by surface, €/m², computed.', {
    ...derived,
    significance: 'never',
  }),
  field('surface', 'surface_m2', numeric, 2, 'Living surface, m².', {
    significance: 'ratio',
    threshold: 0.005,
  }),
  field('land_surface', 'land_surface_m2', 'integer', 0.5, 'Land, m².', {
    significance: 'ratio',
    threshold: 0.005,
  }),
  field('rooms', 'room_count', 'smallint', 1, 'Main rooms.'),
  field('bedrooms', 'bedroom_count', 'smallint', 0.5, 'Bedrooms.'),
  field('floor', 'floor_no', 'smallint', 0.25, 'Floor; 0 is the ground floor.'),
  field('built_year', 'built_year', 'smallint', 0.25, 'Year of construction.'),
  field('dpe_number', 'dpe_number', 'text', 0.25, 'Number of the energy certificate.'),
  field('dpe_class', 'dpe_class', 'text', 0.5, 'Energy class, A to G.'),
  field('dpe_energy', 'dpe_kwh_m2', 'integer', 0.25, 'Primary energy, kWh/m²/year.'),
  field('ghg_class', 'ghg_class', 'text', 0.25, 'Emission class, A to G.'),
  field('dpe_emissions', 'ghg_kgco2_m2', 'integer', 0.25, 'Emissions, kgCO₂/m²/year.'),
  field('listed_on', 'listed_on', 'date', 0.5, 'Day it was put up for sale.'),
  field('sale_date', 'sold_on', 'date', 0, 'Day it was sold.'),
  field('longitude', 'longitude', 'double precision', 0.5, 'Degrees east.', {
    significance: 'metres',
    threshold: 10,
  }),
  field('latitude', 'latitude', 'double precision', 0.5, 'Degrees north.', {
    significance: 'metres',
    threshold: 10,
  }),
  field('agency_name', 'agency_name', 'text', 0.25, 'Who sells it.'),
  field('contact_phone', 'contact_phone', 'text', 0.25, 'Telephone.', { isPersonal: true }),
  field('contact_email', 'contact_email', 'text', 0.25, 'E-mail.', { isPersonal: true }),
  field('description', 'description', 'text', 0.5, 'What the ad says.', {
    significance: 'similarity',
    threshold: 0.05,
  }),
]

/** The fields. What an owner set (weight, significance) stays; what a field means follows the code. */
export const ruleFields: ReferenceSeed = {
  name: 'rule-fields',
  hash: () => JSON.stringify(fields),
  async merge(client: Client): Promise<void> {
    await client.query(
      `merge into app_public.rule_fields as t
       using jsonb_to_recordset($1::jsonb) as s (
         name text, "column" text, staged text, type text, description text, weight numeric, "isPersonal" boolean,
         significance app_base.significance_kind, threshold numeric
       ) on t.field_name = s.name
       when matched and (t.column_name, t.staged_column, t.data_type, t.description, t.is_personal)
         is distinct from (s."column", s.staged, s.type, s.description, s."isPersonal") then
         update set column_name = s."column", staged_column = s.staged, data_type = s.type,
           description = s.description, is_personal = s."isPersonal"
       when not matched then insert (
         field_name, column_name, staged_column, data_type, description, weight, is_personal, significance,
         significance_threshold
       )
       values (
         s.name, s."column", s.staged, s.type, s.description, s.weight, s."isPersonal", s.significance, s.threshold
       )`,
      [JSON.stringify(fields)],
    )
  },
}
