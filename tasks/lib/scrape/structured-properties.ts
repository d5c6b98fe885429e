// Names that French portals give what schema.org has no word for.
const names: readonly [RegExp, string][] = [
  [/^(?:dpe|classe (?:energie|energetique)|etiquette energie|energy class)$/, 'dpe_class'],
  [/^(?:ges|classe (?:ges|climat)|etiquette climat)$/, 'ghg_class'],
  [/^(?:consommation(?: energetique| d'energie)?)$/, 'dpe_energy'],
  [/^(?:emissions?(?: de (?:ges|gaz a effet de serre))?)$/, 'dpe_emissions'],
  [/^(?:numero (?:de )?dpe|numero ademe)$/, 'dpe_number'],
  [/^(?:surface(?: habitable| carrez)?|floor ?size)$/, 'surface'],
  [/^(?:surface (?:du )?terrain|terrain|lot ?size)$/, 'land_surface'],
  [/^(?:(?:nombre de )?pieces|rooms)$/, 'rooms'],
  [/^(?:(?:nombre de )?chambres|bedrooms)$/, 'bedrooms'],
  [/^(?:etage|floor)$/, 'floor'],
  [/^(?:annee(?: de construction)?|year ?built)$/, 'built_year'],
  [/^(?:type(?: de bien)?|property ?type)$/, 'property_type'],
]

/** The column of staging that a property of this name means; null when nobody knows. */
export function propertyColumns(name: string): string | null {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').replace(/\s+/g, ' ').trim().toLowerCase()
  return names.find(([pattern]) => pattern.test(plain))?.[1] ?? null
}
