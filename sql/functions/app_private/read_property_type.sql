-- Compared whole and in lower case first: portals write one word from a short list. 0, 1, 2, 4 and 5 are what a
-- transaction explorer calls them.

create function app_private.read_property_type(text)
returns app_base.property_type
language sql
immutable
parallel safe
as $$
  select case
    when $1 is null then null
    when lower($1) = any (array['appartement', 'flat', 'apartment', 'studio', 'duplex', 'triplex', 'loft', '2'])
      then 'flat'::app_base.property_type
    when lower($1) = any (array['maison', 'house', 'villa', 'pavillon', 'maison individuelle', 'maison de ville', '1'])
      then 'house'
    when lower($1) = any (array['terrain', 'land', 'terrain à bâtir', 'terrain constructible', '4']) then 'land'
    when lower($1) = any (array[
      'local', 'local commercial', 'commercial', 'bureau', 'bureaux', 'commerce', 'fonds de commerce', 'immeuble', '0'
    ]) then 'commercial'
    when lower($1) = any (array['parking', 'garage', 'box', 'cave', 'annex', 'dépendance', 'place de parking'])
      then 'annex'
    when lower($1) = any (array['unspecified', 'autre', 'autres', 'other', 'divers', '5', 'mixed'])
      then case when lower($1) = 'mixed' then 'mixed'::app_base.property_type else 'unspecified' end
    else app_private.property_type_in(app_base.search_text($1), true)
  end
$$;

comment on function app_private.read_property_type(text) is $$
What kind of property a word means: maison, villa, pavillon (house), appartement, studio, loft, duplex, T3 (flat),
terrain (land), local, bureau, commerce, immeuble (commercial), parking, garage, box (annex), a transaction explorer's
codes (0 commercial, 1 house, 2 flat, 4 land, 5 other), or one of our own names.

Null when it is not said and when it cannot be read: a word we do not know, or several kinds.

    select app_private.read_property_type('Maison de ville avec garage');  -- house
$$;
