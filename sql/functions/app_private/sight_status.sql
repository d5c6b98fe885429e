create function app_private.sight_status(text)
returns app_base.property_status
language sql
immutable
parallel safe
as $$
  select case
    when $1 is null then null
    when $1 = any (array[
      'active', 'Active', 'ACTIVE', 'disponible', 'Disponible', 'DISPONIBLE', 'à vendre', 'À vendre',
      'À VENDRE', 'en vente', 'En vente', 'EN VENTE', 'nouveau', 'Nouveau', 'NOUVEAU', 'nouveauté',
      'Nouveauté', 'NOUVEAUTÉ', 'exclusivité', 'Exclusivité', 'EXCLUSIVITÉ', 'baisse de prix',
      'Baisse de prix', 'BAISSE DE PRIX'
    ]) then 'active'::app_base.property_status
    when $1 = any (array[
      'sold', 'Sold', 'SOLD', 'vendu', 'Vendu', 'VENDU', 'vendue', 'Vendue', 'VENDUE'
    ]) then 'sold'
    when $1 = any (array[
      'under_offer', 'Under_offer', 'UNDER_OFFER', 'sous compromis', 'Sous compromis', 'SOUS COMPROMIS',
      'sous offre', 'Sous offre', 'SOUS OFFRE', 'compromis', 'Compromis', 'COMPROMIS', 'réservé', 'Réservé',
      'RÉSERVÉ'
    ]) then 'under_offer'
  end
$$;

comment on function app_private.sight_status(text) is $$
What a source says of a home in one of its commonest words (vendu, disponible); null otherwise: see read_status.

    select app_private.sight_status('Vendu');  -- sold
$$;
