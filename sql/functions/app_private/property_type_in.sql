-- The first word that names a kind decides, unless a later one names another home: "appartement avec parking" is a
-- flat, "terrain pour votre maison" may be either. A building (immeuble) named later is where the home lies.

create function app_private.property_type_in(words text)
returns app_base.property_type
language sql
immutable
strict
parallel safe
as $$
  select case
    when k.first in ('land', 'annex') then case when k.first = all (k.kinds) then k.first end
    when k.first = all (array_remove(array_remove(k.kinds, 'land'), 'annex')) then k.first
  end
  from (
    select array_agg(w.kind) as kinds, (array_agg(w.kind order by w.ordinality))[1] as first
    from (
      select
        case
          when m.word[1] ~ '^(?:maison|villa|pavillon|chalet|longere|fermette|mas|maisonnette|house)' then 'house'
          when m.word[1] ~ '^(?:appart|studi|stude|duplex|triplex|loft|flat|apartment|penthouse)' then 'flat'
          when m.word[1] ~ '^(?:terrain|parcelle|land)' then 'land'
          when m.word[1] ~ '^(?:parking|garage|box|cave|stationnement|dependance|cellier)' then 'annex'
          when m.word[1] ~ '^immeuble' and m.ordinality > 1 then null
          else 'commercial'
        end::app_base.property_type as kind,
        m.ordinality
      from regexp_matches(
        left($1, 300),
        '\m(maisons?|villas?|pavillons?|chalets?|longeres?|fermettes?|mas|maisonnettes?|house|appartements?|appart'
        || '|studios?|studettes?|duplex|triplex|lofts?|flat|apartment|penthouse|terrains?|parcelles?|land|parkings?'
        || '|garages?|box|caves?|stationnements?|dependances?|celliers?|locaux|local|bureaux?|commerces?|commercial'
        || '|boutiques?|entrepots?|immeubles?|murs)\M',
        'g'
      ) with ordinality as m (word, ordinality)
    ) as w
    where w.kind is not null
  ) as k
$$;

comment on function app_private.property_type_in(text) is $$
The kind of property that words (lower case, without accents) speak of; null when they name none or several.

    select app_private.property_type_in('bel appartement avec cave et parking');  -- flat
$$;
