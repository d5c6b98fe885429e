create function app_private.sight_property_type(text)
returns app_base.property_type
language sql
immutable
parallel safe
as $$
  select case
    when $1 is null then null
    when $1 = any (array[
      'appartement', 'Appartement', 'APPARTEMENT', 'studio', 'Studio', 'STUDIO', 'duplex', 'Duplex',
      'DUPLEX', 'triplex', 'Triplex', 'TRIPLEX', 'loft', 'Loft', 'LOFT', 'flat', 'Flat', 'FLAT', 'apartment',
      'Apartment', 'APARTMENT', '2'
    ]) then 'flat'::app_base.property_type
    when $1 = any (array[
      'maison', 'Maison', 'MAISON', 'villa', 'Villa', 'VILLA', 'pavillon', 'Pavillon', 'PAVILLON', 'house',
      'House', 'HOUSE', '1', 'maison individuelle', 'Maison individuelle', 'MAISON INDIVIDUELLE',
      'maison de ville', 'Maison de ville', 'MAISON DE VILLE'
    ]) then 'house'
    when $1 = any (array[
      'terrain', 'Terrain', 'TERRAIN', 'land', 'Land', 'LAND', '4', 'terrain à bâtir', 'Terrain à bâtir',
      'TERRAIN À BÂTIR', 'terrain constructible', 'Terrain constructible', 'TERRAIN CONSTRUCTIBLE'
    ]) then 'land'
    when $1 = any (array[
      'local', 'Local', 'LOCAL', 'bureau', 'Bureau', 'BUREAU', 'bureaux', 'Bureaux', 'BUREAUX', 'commerce',
      'Commerce', 'COMMERCE', 'immeuble', 'Immeuble', 'IMMEUBLE', 'commercial', 'Commercial', 'COMMERCIAL',
      '0', 'local commercial', 'Local commercial', 'LOCAL COMMERCIAL', 'fonds de commerce',
      'Fonds de commerce', 'FONDS DE COMMERCE'
    ]) then 'commercial'
    when $1 = any (array[
      'parking', 'Parking', 'PARKING', 'garage', 'Garage', 'GARAGE', 'box', 'Box', 'BOX', 'cave', 'Cave',
      'CAVE', 'annex', 'Annex', 'ANNEX'
    ]) then 'annex'
  end
$$;

comment on function app_private.sight_property_type(text) is $$
A kind of property in one of its commonest words (maison, Appartement); null otherwise: see read_property_type.

    select app_private.sight_property_type('Maison');  -- house
$$;
