-- 0, 1, 2, 4 and 5 are what a transaction explorer calls them.

create function app_private.read_property_type(text)
returns app_base.property_type
language sql
immutable
strict
parallel safe
as $$
  select case
    when g.words in ('0', 'commercial') then 'commercial'::app_base.property_type
    when g.words = '1' then 'house'
    when g.words = '2' then 'flat'
    when g.words = '4' then 'land'
    when g.words in ('5', 'autre', 'autres', 'other', 'divers', 'unspecified') then 'unspecified'
    when g.words = 'annex' then 'annex'
    when g.words = 'mixed' then 'mixed'
    when g.words ~ '^(?:type )?[tf] ?[1-9][0-9]?(?: bis)?$' then 'flat'
    else app_private.property_type_in(g.words)
  end
  from (
    select app_base.search_text(app_private.collapse_spaces($1)) as words
    where length($1) <= 200
  ) as g
$$;

comment on function app_private.read_property_type(text) is $$
What kind of property a word means: maison, villa, pavillon (house), appartement, studio, loft, duplex, T3 (flat),
terrain (land), local, bureau, commerce, immeuble (commercial), parking, garage, box (annex), a transaction explorer's
codes (0 commercial, 1 house, 2 flat, 4 land, 5 other), or one of our own names.

Null when it is not said and when it cannot be read: a word we do not know, or several kinds.

    select app_private.read_property_type('Maison de ville avec garage');  -- house
$$;
