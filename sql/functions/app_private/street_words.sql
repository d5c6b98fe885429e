-- How addresses abbreviate: the directories of La Poste and of the land register, and what people write. A constant that
-- the planner puts in place of the call: a look-up in it costs less than a join for each street.

create function app_private.street_words()
returns jsonb
language sql
immutable
parallel safe
as $$
  select '{
    "rue": ["rue", "Rue"], "r": ["rue", "Rue"],
    "avenue": ["avenue", "Avenue"], "av": ["avenue", "Avenue"], "ave": ["avenue", "Avenue"], "aven": ["avenue", "Avenue"],
    "boulevard": ["boulevard", "Boulevard"], "bd": ["boulevard", "Boulevard"], "bld": ["boulevard", "Boulevard"], "blvd": ["boulevard", "Boulevard"], "bvd": ["boulevard", "Boulevard"], "boul": ["boulevard", "Boulevard"],
    "chemin": ["chemin", "Chemin"], "che": ["chemin", "Chemin"], "chem": ["chemin", "Chemin"], "ch": ["chemin", "Chemin"], "chm": ["chemin", "Chemin"],
    "impasse": ["impasse", "Impasse"], "imp": ["impasse", "Impasse"],
    "place": ["place", "Place"], "pl": ["place", "Place"], "pce": ["place", "Place"],
    "route": ["route", "Route"], "rte": ["route", "Route"],
    "allee": ["allee", "Allée"], "all": ["allee", "Allée"],
    "allees": ["allees", "Allées"],
    "square": ["square", "Square"], "sq": ["square", "Square"],
    "quai": ["quai", "Quai"], "qu": ["quai", "Quai"],
    "lotissement": ["lotissement", "Lotissement"], "lot": ["lotissement", "Lotissement"], "lotiss": ["lotissement", "Lotissement"],
    "residence": ["residence", "Résidence"], "res": ["residence", "Résidence"], "resid": ["residence", "Résidence"],
    "cours": ["cours", "Cours"], "crs": ["cours", "Cours"],
    "cour": ["cour", "Cour"],
    "passage": ["passage", "Passage"], "pass": ["passage", "Passage"],
    "faubourg": ["faubourg", "Faubourg"], "fg": ["faubourg", "Faubourg"], "fbg": ["faubourg", "Faubourg"],
    "hameau": ["hameau", "Hameau"], "ham": ["hameau", "Hameau"],
    "lieu dit": ["lieu dit", "Lieu-dit"], "lieudit": ["lieu dit", "Lieu-dit"], "ld": ["lieu dit", "Lieu-dit"],
    "quartier": ["quartier", "Quartier"], "quar": ["quartier", "Quartier"],
    "sentier": ["sentier", "Sentier"], "sen": ["sentier", "Sentier"], "sent": ["sentier", "Sentier"],
    "sente": ["sente", "Sente"],
    "ruelle": ["ruelle", "Ruelle"], "rle": ["ruelle", "Ruelle"],
    "montee": ["montee", "Montée"], "mte": ["montee", "Montée"],
    "traverse": ["traverse", "Traverse"], "tra": ["traverse", "Traverse"], "trav": ["traverse", "Traverse"],
    "esplanade": ["esplanade", "Esplanade"], "esp": ["esplanade", "Esplanade"],
    "promenade": ["promenade", "Promenade"], "prom": ["promenade", "Promenade"],
    "rond point": ["rond point", "Rond-Point"], "rondpoint": ["rond point", "Rond-Point"], "rpt": ["rond point", "Rond-Point"],
    "grande rue": ["grande rue", "Grande Rue"], "grand rue": ["grande rue", "Grande Rue"], "gr rue": ["grande rue", "Grande Rue"], "grd rue": ["grande rue", "Grande Rue"], "gde rue": ["grande rue", "Grande Rue"], "granderue": ["grande rue", "Grande Rue"],
    "vieille route": ["vieille route", "Vieille Route"],
    "vieux chemin": ["vieux chemin", "Vieux Chemin"],
    "ancien chemin": ["ancien chemin", "Ancien Chemin"],
    "ancienne route": ["ancienne route", "Ancienne Route"],
    "petit chemin": ["petit chemin", "Petit Chemin"],
    "petite rue": ["petite rue", "Petite Rue"],
    "chemin rural": ["chemin rural", "Chemin Rural"], "cr": ["chemin rural", "Chemin Rural"],
    "chemin vicinal": ["chemin vicinal", "Chemin Vicinal"], "cv": ["chemin vicinal", "Chemin Vicinal"],
    "voie communale": ["voie communale", "Voie Communale"], "vc": ["voie communale", "Voie Communale"],
    "voie": ["voie", "Voie"],
    "zone artisanale": ["zone artisanale", "Zone Artisanale"],
    "zone industrielle": ["zone industrielle", "Zone Industrielle"], "zi": ["zone industrielle", "Zone Industrielle"],
    "centre commercial": ["centre commercial", "Centre Commercial"], "ccal": ["centre commercial", "Centre Commercial"],
    "domaine": ["domaine", "Domaine"], "dom": ["domaine", "Domaine"],
    "villa": ["villa", "Villa"], "vla": ["villa", "Villa"],
    "venelle": ["venelle", "Venelle"],
    "villas": ["villas", "Villas"],
    "village": ["village", "Village"], "vge": ["village", "Village"],
    "cite": ["cite", "Cité"],
    "clos": ["clos", "Clos"],
    "mail": ["mail", "Mail"],
    "parc": ["parc", "Parc"],
    "parvis": ["parvis", "Parvis"],
    "chaussee": ["chaussee", "Chaussée"], "chs": ["chaussee", "Chaussée"],
    "corniche": ["corniche", "Corniche"],
    "cote": ["cote", "Côte"],
    "descente": ["descente", "Descente"],
    "digue": ["digue", "Digue"],
    "galerie": ["galerie", "Galerie"],
    "jardin": ["jardin", "Jardin"],
    "jardins": ["jardins", "Jardins"],
    "mas": ["mas", "Mas"],
    "carrefour": ["carrefour", "Carrefour"],
    "carriere": ["carriere", "Carrière"],
    "levee": ["levee", "Levée"],
    "pont": ["pont", "Pont"],
    "port": ["port", "Port"],
    "porte": ["porte", "Porte"], "pte": ["porte", "Porte"],
    "rampe": ["rampe", "Rampe"],
    "rempart": ["rempart", "Rempart"],
    "rocade": ["rocade", "Rocade"],
    "terrasse": ["terrasse", "Terrasse"], "tsse": ["terrasse", "Terrasse"],
    "tertre": ["tertre", "Tertre"],
    "tour": ["tour", "Tour"],
    "val": ["val", "Val"],
    "zac": ["zac", "ZAC"],
    "za": ["za", "ZA"]
  }'::jsonb
$$;

comment on function app_private.street_words() is $$
The kinds of French streets and places: for the one or two words that begin an address's key, abbreviated or not, what
stands for them there and what is shown.

    select app_private.street_words() -> 'bd';  -- ["boulevard", "Boulevard"]
$$;
