// What the land register calls things. Streets are put together from these words: none is a real address.

/** Street types with how often each is met. */
export const streetTypes: readonly (readonly [string, number])[] = [
  ['RUE', 48],
  ['AV', 13],
  ['CHE', 9],
  ['BD', 7],
  ['RTE', 6],
  ['IMP', 4],
  ['ALL', 4],
  ['PL', 3],
  ['QUAI', 1],
  ['CRS', 1],
  ['LOT', 2],
  ['RES', 1],
  ['MTE', 1],
]

/** Names of streets; some carry an apostrophe, a hyphen, an accentless letter or quotation marks, as the real ones do. */
export const streetNames: readonly string[] = [
  'DE LA GARE',
  "DE L'EGLISE",
  'DES ECOLES',
  'DU MOULIN',
  'DE LA FONTAINE',
  'DES LILAS',
  'DU CHATEAU',
  "DE L'ETANG",
  'DES ACACIAS',
  'DU LAVOIR',
  'DE LA MAIRIE',
  'DES TILLEULS',
  'DU STADE',
  "D'AVAL",
  "D'AMONT",
  'DES VIGNES',
  'DU PUITS',
  'DE LA FORGE',
  'DES PRES',
  'DU PONT',
  'DE LA CROIX',
  'DES CERISIERS',
  'DU FOUR',
  "DE L'ABREUVOIR",
  'DES ROSIERS',
  'DU MARCHE',
  'DE LA REPUBLIQUE',
  'DE LA LIBERTE',
  'DES CHENES',
  'DU BOIS',
  "DE L'HORLOGE",
  'DES JARDINS',
  'DU 8 MAI 1945',
  'DU 11 NOVEMBRE',
  'DE LA PAIX',
  'DES PEUPLIERS',
  'NEUVE',
  'BASSE',
  'HAUTE',
  'GRANDE',
  'DU "PETIT PRINCE"',
  'DIT "LE CLOS"',
  'DES QUATRE-VENTS',
  'DU PRE AUX CLERCS',
  "DE L'OREE DU BOIS",
  'DES MESANGES',
  'DU GUE',
  'DE BELLEVUE',
  'DES TANNEURS',
  'DU CANAL',
  'DES REMPARTS',
  'DU CALVAIRE',
  'DE LA PLAINE',
  'DES BRUYERES',
  'DU SOLEIL LEVANT',
  "DE L'ARGILE, DITE DU HAUT",
]

/** Names of places without house numbers, whose register code begins with B. */
export const placeNames: readonly string[] = [
  'LE VILLAGE',
  'LE BOURG',
  'LES GRANDES TERRES',
  'CHAMP DU BOIS',
  "L'ORMEAU",
  'LES COMBES',
  'LA CROZE',
  'PRE LONG',
  'SUR LE MONT',
  'LES ESSARTS',
  'LA GARENNE',
  'COTE CHAUDE',
  'LE PATIS',
  'LES NOUES',
  'EN BUGNON',
  'LA RIPPE',
  'LE PLAN',
  'AUX GRANDS CHAMPS',
  "L'ETANG NEUF",
  'LES "TROIS FONTAINES"',
]

/** Land uses: code, label in the CSV form. */
export const landUses: Readonly<Record<string, string>> = {
  S: 'sols',
  T: 'terres',
  P: 'prés',
  AG: "terrains d'agrément",
  AB: 'terrains a bâtir',
  J: 'jardins',
  BT: 'taillis simples',
  VI: 'vignes',
  L: 'landes',
  BS: 'taillis sous futaie',
  BR: 'futaies résineuses',
  VE: 'vergers',
}

/** Special land uses: code, label in the CSV form. */
export const specialUses: Readonly<Record<string, string>> = {
  PARC: 'Parc',
  POTAG: 'Jardin potager',
  FRICH: 'Friche',
  PATUR: 'Pâture plantée',
  VAOC: "Vins d'appellation d'origine contrôlée",
}

/** The natures of a sale, by their index in the world's records. */
export const natures = [
  'Vente',
  "Vente en l'état futur d'achèvement",
  'Vente terrain à bâtir',
  'Echange',
  'Adjudication',
  'Expropriation',
] as const

/** One of the six natures. */
export type Nature = (typeof natures)[number]

/** The label of a premises type, by its code; the empty label is bare land or a lot of which nothing is said. */
export const premisesLabels = [
  '',
  'Maison',
  'Appartement',
  'Dépendance',
  'Local industriel. commercial ou assimilé',
] as const
