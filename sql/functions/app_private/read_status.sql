create function app_private.read_status(text)
returns app_base.property_status
language sql
immutable
strict
parallel safe
as $$
  select case
    when g.words ~ '^(?:deja |bien )?(?:vendu|sold|acte signe)(?:e|s|es)?\M' then 'sold'
    when g.words ~ (
      '\m(?:compromis|promesse|sous offre|offre acceptee|offre en cours|reserve(?:e|s|es)?|option|under_offer|pending)\M'
    ) then 'under_offer'
    when g.words ~ (
      '^(?:retire|archive|expire|desactive|supprime|inactif|inactive|removed|withdrawn|expired|deleted)(?:e|s|es)?\M'
    ) then 'removed'
    when g.words = 'likely_removed' then 'likely_removed'
    when g.words ~ (
      '^(?:toujours |encore )?(?:disponible|a vendre|en vente|a la vente|actif|active|available|en ligne|online|publie'
      || '|nouveau|nouvelle|nouveaute|new|exclusivite|exclusif|baisse de prix|coup de coeur|for sale)(?:e|s|es)?\M'
    ) then 'active'
  end::app_base.property_status
  from (
    select app_base.search_text(app_private.collapse_spaces($1)) as words
    where length($1) <= 100
  ) as g
$$;

comment on function app_private.read_status(text) is $$
What a source says of a home: vendu (sold), sous compromis or sous offre (under_offer), disponible, à vendre, nouveau,
baisse de prix (active), retiré, expiré (removed), or one of our own names.

Null when it is not said and when it cannot be read.

    select app_private.read_status('Sous compromis de vente');  -- under_offer
$$;
