create function app_private.read_status(text)
returns app_base.property_status
language sql
immutable
parallel safe
as $$
  select case
    when $1 is null then null
    when lower($1) = any (array['active', 'disponible', 'à vendre', 'a vendre', 'en vente', 'actif', 'available'])
      then 'active'::app_base.property_status
    when lower($1) = any (array['sold', 'vendu', 'vendue', 'vendus']) then 'sold'
    when lower($1) = any (array[
      'under_offer', 'sous compromis', 'sous offre', 'compromis', 'sous promesse', 'offre acceptée', 'réservé'
    ]) then 'under_offer'
    else app_private.read_status_words($1)
  end
$$;

comment on function app_private.read_status(text) is $$
What a source says of a home: vendu (sold), sous compromis or sous offre (under_offer), disponible, à vendre, nouveau,
baisse de prix (active), retiré, expiré (removed), or one of our own names.

Null when it is not said and when it cannot be read.

    select app_private.read_status('Sous compromis de vente');  -- under_offer
$$;
