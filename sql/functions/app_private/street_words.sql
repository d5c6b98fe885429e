-- How addresses abbreviate: the directories of La Poste and of the land register, and what people write. `words` are in
-- the form of a key; two words are looked up before one.

create function app_private.street_words()
returns table (words text, key_words text, street_type text)
language sql
immutable
parallel safe
as $$
  select
    unnest(string_to_array(w.words, ',')),
    split_part(w.words, ',', 1),
    w.street_type
  from (values
    ('rue,r', 'Rue'),
    ('avenue,av,ave,aven', 'Avenue'),
    ('boulevard,bd,bld,blvd,bvd,boul', 'Boulevard'),
    ('chemin,che,chem,ch,chm', 'Chemin'),
    ('impasse,imp', 'Impasse'),
    ('place,pl,pce', 'Place'),
    ('route,rte', 'Route'),
    ('allee,all', 'Allée'),
    ('allees', 'Allées'),
    ('square,sq', 'Square'),
    ('quai,qu', 'Quai'),
    ('lotissement,lot,lotiss', 'Lotissement'),
    ('residence,res,resid', 'Résidence'),
    ('cours,crs', 'Cours'),
    ('cour', 'Cour'),
    ('passage,pass', 'Passage'),
    ('faubourg,fg,fbg', 'Faubourg'),
    ('hameau,ham', 'Hameau'),
    ('lieu dit,lieudit,ld', 'Lieu-dit'),
    ('quartier,quar', 'Quartier'),
    ('sentier,sen,sent', 'Sentier'),
    ('sente', 'Sente'),
    ('ruelle,rle', 'Ruelle'),
    ('montee,mte', 'Montée'),
    ('traverse,tra,trav', 'Traverse'),
    ('esplanade,esp', 'Esplanade'),
    ('promenade,prom', 'Promenade'),
    ('rond point,rondpoint,rpt', 'Rond-Point'),
    ('grande rue,grand rue,gr rue,grd rue,gde rue,granderue', 'Grande Rue'),
    ('vieille route', 'Vieille Route'),
    ('vieux chemin', 'Vieux Chemin'),
    ('ancien chemin', 'Ancien Chemin'),
    ('ancienne route', 'Ancienne Route'),
    ('petit chemin', 'Petit Chemin'),
    ('petite rue', 'Petite Rue'),
    ('chemin rural,cr', 'Chemin Rural'),
    ('chemin vicinal,cv', 'Chemin Vicinal'),
    ('voie communale,vc', 'Voie Communale'),
    ('voie', 'Voie'),
    ('zone artisanale', 'Zone Artisanale'),
    ('zone industrielle,zi', 'Zone Industrielle'),
    ('centre commercial,ccal', 'Centre Commercial'),
    ('domaine,dom', 'Domaine'),
    ('villa,vla', 'Villa'),
    ('venelle', 'Venelle'),
    ('villas', 'Villas'),
    ('village,vge', 'Village'),
    ('cite', 'Cité'),
    ('clos', 'Clos'),
    ('mail', 'Mail'),
    ('parc', 'Parc'),
    ('parvis', 'Parvis'),
    ('chaussee,chs', 'Chaussée'),
    ('corniche', 'Corniche'),
    ('cote', 'Côte'),
    ('descente', 'Descente'),
    ('digue', 'Digue'),
    ('galerie', 'Galerie'),
    ('jardin', 'Jardin'),
    ('jardins', 'Jardins'),
    ('mas', 'Mas'),
    ('carrefour', 'Carrefour'),
    ('carriere', 'Carrière'),
    ('levee', 'Levée'),
    ('pont', 'Pont'),
    ('port', 'Port'),
    ('porte,pte', 'Porte'),
    ('rampe', 'Rampe'),
    ('rempart', 'Rempart'),
    ('rocade', 'Rocade'),
    ('terrasse,tsse', 'Terrasse'),
    ('tertre', 'Tertre'),
    ('tour', 'Tour'),
    ('val', 'Val'),
    ('zac', 'ZAC'),
    ('za', 'ZA')
  ) as w (words, street_type)
$$;

comment on function app_private.street_words() is $$
The kinds of French streets and places with their abbreviations: `words` as they begin an address's key, `key_words`
what stands for them there, `street_type` as it is shown.

    select key_words, street_type from app_private.street_words() where words = 'bd';  -- boulevard, Boulevard
$$;
