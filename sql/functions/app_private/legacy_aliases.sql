create function app_private.legacy_aliases()
returns table (alias text, meant text, rank integer)
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
  select a.alias, m.meant, a.rank::integer
  from (
    values
      ('source_key', '{source_key,external_id,external_ref,listing_id,ad_id,annonce_id,reference,ref}'::text[]),
      ('property_url', '{property_url,url,link,lien,source_url,page_url,href}'),
      ('status', '{status,statut,etat,state}'),
      ('title', '{title,titre,headline,label,libelle}'),
      ('address', '{address,adresse,full_address,street_address,adresse_complete}'),
      ('postal_code', '{postal_code,postcode,post_code,zip,zipcode,zip_code,code_postal,cp}'),
      ('city', '{city,ville,commune,town,city_name,nom_commune}'),
      ('insee_code', '{insee_code,insee,code_insee,code_commune,citycode,city_code}'),
      ('parcel_id', '{parcel_id,parcelle,id_parcelle,parcel}'),
      ('property_type', '{property_type,type,type_bien,type_local,kind,category,categorie}'),
      ('price', '{price,prix,price_eur,prix_eur,prix_vente,valeur_fonciere,sale_price,amount,montant}'),
      ('surface', '{surface,surface_m2,area,area_m2,living_area,surface_habitable,surface_reelle_bati,sqm,m2}'),
      ('land_surface', '{land_surface,land_surface_m2,land_area,surface_terrain,terrain}'),
      ('rooms', '{rooms,room_count,pieces,nb_pieces,nombre_pieces,nombre_pieces_principales,number_of_rooms}'),
      ('bedrooms', '{bedrooms,bedroom_count,chambres,nb_chambres,nombre_chambres}'),
      ('floor', '{floor,etage,floor_no}'),
      ('built_year', '{built_year,year_built,construction_year,annee_construction}'),
      ('dpe_number', '{dpe_number,numero_dpe,n_dpe}'),
      ('dpe_class', '{dpe_class,dpe,etiquette_dpe,classe_energie,energy_class}'),
      ('dpe_energy', '{dpe_energy,dpe_value,dpe_kwh_m2,conso_energie,consommation_energie}'),
      ('ghg_class', '{ghg_class,ges,etiquette_ges,classe_ges}'),
      ('dpe_emissions', '{dpe_emissions,ges_value,ghg_kgco2_m2,emission_ges}'),
      ('listed_on', '{listed_on,listed_at,listing_date,published_at,date_publication,publication_date,date_annonce}'),
      ('sale_date', '{sale_date,sold_at,sold_on,date_mutation,date_vente,sale_month,transaction_date}'),
      ('longitude', '{longitude,lon,lng,long,x}'),
      ('latitude', '{latitude,lat,y}'),
      ('agency_name', '{agency_name,agency,agence,nom_agence}'),
      ('contact_phone', '{contact_phone,phone,telephone,tel}'),
      ('contact_email', '{contact_email,email,mail,courriel}'),
      ('description', '{description,descriptif,text,texte,body}'),
      -- Not fields of a home: where its key is unique, its number in the table, when it was seen.
      ('key_space', '{source,portal,portail,site,provider,source_name}'),
      ('row_number', '{id,property_id,row_id,pk}'),
      ('scraped_at', '{scraped_at,pulled_at,fetched_at,crawled_at,collected_at,updated_at,modified_at,created_at,inserted_at}')
  ) as m (meant, aliases)
  cross join lateral unnest(m.aliases) with ordinality as a (alias, rank)
$$;

comment on function app_private.legacy_aliases() is $$
The names under which columns of an older table are recognised, and the columns of staging that they mean; of several
in one table that mean the same, the one of the lowest rank is taken and the others go to the payload.

Beside staging's own, `key_space` is what a key is unique in (its value is put before the key), `row_number` the row's
number in the older table, the key of last resort, and `scraped_at` when the row was pulled.

    select alias from app_private.legacy_aliases() where meant = 'price';  -- price, prix, price_eur, …
$$;
