-- The words are compared without the punctuation around them: "- NC -", "N.C.", "...".

create function app_private.is_not_said(text)
returns boolean
language sql
immutable
strict
parallel safe
as $$
  select
    w.words = any (array[
      '', '?', '??', '/', 'n/a', 'na', 'n.a', 'nc', 'n/c', 'n.c', 'n c', 'nd', 'nr', 'n/r', 'nan', 'nil',
      'none', 'null', 'undefined', 'aucun', 'aucune', 'inconnu', 'inconnue', 'sans objet', 'a definir',
      'à définir', 'a venir', 'à venir', 'non communique', 'non communiqué', 'non communiquee',
      'non communiquée', 'adresse non communiquée', 'non renseigne', 'non renseigné', 'non renseignee',
      'non renseignée', 'non precise', 'non précisé', 'non specifie', 'non spécifié', 'non defini',
      'non défini', 'non disponible', 'non fourni', 'indisponible', 'sur demande', 'prix sur demande',
      'nous consulter', 'prix nous consulter', 'prix : nous consulter', 'consulter', 'a consulter',
      'à consulter', 'nous contacter', 'nous appeler', 'confidentiel', 'prix confidentiel',
      'prix non communiqué', 'vierge', 'dpe vierge', 'en cours', 'dpe en cours', 'en cours de réalisation',
      'non soumis', 'non soumis au dpe', 'non concerne', 'non concerné', 'non requis', 'non effectue',
      'non effectué', 'non applicable', 'ns', 'n.s', 'vi'
    ])
    -- How forms write an amount that nobody filled in.
    or w.words ~ '^[0., ]*0[0., ]*(?:€|eur|euros?|m²|m2)?$'
  from (select lower(btrim(app_private.collapse_spaces($1), ' .:;*_-–—')) as words offset 0) as w
$$;

comment on function app_private.is_not_said(text) is $$
Whether a text only says that nothing is said: "NC", "non communiqué", "prix sur demande", "nous consulter", "vierge",
"DPE en cours", "n/a", "-", or an amount of zero.

Such a field is empty; it is not unreadable.

    select app_private.is_not_said('Prix sur demande'), app_private.is_not_said('0 €'), app_private.is_not_said('12a');
    -- true, true, false
$$;
