import { pick, type Random } from '../random.ts'
import type { PropertyType } from './facts.ts'

const openings = [
  'À saisir :',
  'Rare,',
  'Coup de cœur :',
  'En exclusivité,',
  'Quartier recherché,',
  'Vue dégagée :',
  'Sans vis-à-vis,',
  'Idéalement placé :',
  'Au calme,',
  'Belle adresse :',
]

const endings: Readonly<Record<PropertyType, readonly string[]>> = {
  flat: [
    'balcon filant et cave',
    'dernier étage avec ascenseur',
    'proche tramway et écoles',
    'séjour traversant lumineux',
    'parquet, moulures, cheminée',
    'résidence récente avec parking',
    'hauteur sous plafond remarquable',
    'rénové par architecte',
  ],
  house: [
    'jardin clos et arboré',
    'garage double et dépendance',
    'plain-pied sans travaux',
    'terrasse exposée plein sud',
    'piscine et cuisine d’été',
    'pierre apparente et poutres',
    'combles à aménager',
    'impasse tranquille près du bourg',
  ],
  land: [
    'viabilisé, libre de constructeur',
    'plat, façade de vingt mètres',
    'vue sur la vallée',
    'proche de toutes commodités',
    'borné, étude de sol faite',
  ],
  annex: ['porte automatique', 'sous-sol sécurisé', 'accès facile', 'en copropriété'],
  commercial: [
    'vitrine d’angle',
    'murs libres, emplacement passant',
    'plateau de bureaux divisible',
    'réserve et sanitaires',
  ],
}

const nouns: Readonly<Record<PropertyType, readonly string[]>> = {
  flat: ['appartement'],
  house: ['maison', 'villa', 'pavillon'],
  land: ['terrain à bâtir'],
  annex: ['place de parking', 'garage', 'box fermé'],
  commercial: ['local commercial', 'bureaux'],
}

/** A headline for an ad: what it is, how many rooms, what is said to be special. */
export function titleFor(random: Random, type: PropertyType, rooms: number | null): string {
  const size = rooms === null ? '' : ` ${rooms} pièce${rooms > 1 ? 's' : ''}`
  return `${pick(random, openings)} ${pick(random, nouns[type])}${size}, ${pick(random, endings[type])}`
}

/** What ads go on to say. Unlike one another, so that another one is a change that nobody overlooks. */
export const descriptions: readonly string[] = [
  'Visite sur rendez-vous, dossier complet remis sur demande. Taxe foncière modérée.',
  'Ce bien séduira les amateurs de lumière : grandes ouvertures, volets électriques, double vitrage.',
  'Chauffage collectif au gaz, copropriété bien tenue de 24 lots, ravalement voté et payé.',
  'Toiture refaite il y a cinq ans, tableau électrique aux normes, assainissement raccordé.',
  'Idéal premier achat ou investissement locatif, forte demande dans le secteur.',
  'À dix minutes de la gare à pied, commerces et marché au bout de la rue.',
  'Travaux de rafraîchissement à prévoir, beaux volumes, potentiel indéniable.',
  'Cuisine équipée ouverte, buanderie, rangements nombreux, cellier attenant.',
  'Orientation est-ouest, loggia, stationnement aisé, local à vélos fermé.',
  'Pompe à chaleur récente, poêle à granulés, isolation extérieure de 2021.',
  'Libre à la vente, aucune procédure en cours, honoraires à la charge du vendeur.',
  'Environnement verdoyant, école et crèche à proximité, accès rapide à la rocade.',
  'Entrée, dégagement, séjour double, deux chambres, salle d’eau, toilettes séparées.',
  'Ancien corps de ferme réhabilité, cour fermée, grange attenante, puits.',
  'Immeuble de standing avec gardien, interphone, ascenseur, cave en sous-sol.',
  'Petite copropriété sans syndic professionnel, charges très faibles.',
]
