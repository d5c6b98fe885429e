-- PostgreSQL cannot lower what a pattern finds, hence the row of replacements.

create function app_private.street_title(words text, is_after_type boolean)
returns text
language sql
immutable
strict
parallel safe
as $$
  select case
    when $2 then btrim(t.words)
    else upper(left(btrim(t.words), 1)) || substr(btrim(t.words), 2)
  end
  from (
    select case
      when s.words ~ ' [IVX][ivx]+ ' then
        replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(s.words,
          ' Ii ', ' II '), ' Iii ', ' III '), ' Iv ', ' IV '), ' Vi ', ' VI '), ' Vii ', ' VII '), ' Viii ', ' VIII '),
          ' Ix ', ' IX '), ' Xi ', ' XI '), ' Xii ', ' XII '), ' Xiv ', ' XIV '), ' Xv ', ' XV '),
          ' Xxiii ', ' XXIII ')
      else s.words
    end as words
    from (
      select
        replace(replace(replace(replace(replace(replace(replace(replace(
        replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
          ' ' || initcap($1) || ' ',
          ' D ', ' d '), ' L ', ' l '), ' De ', ' de '), ' Du ', ' du '), ' Des ', ' des '), ' La ', ' la '),
          ' Le ', ' le '), ' Les ', ' les '), ' Et ', ' et '), ' Au ', ' au '), ' Aux ', ' aux '), ' En ', ' en '), ' Sur ', ' sur '), ' Sous ', ' sous '),
          ' D''', ' d'''), ' L''', ' l'''), U&' D\2019', U&' d\2019'), U&' L\2019', U&' l\2019') as words
      offset 0
    ) as s
  ) as t
$$;

comment on function app_private.street_title(text, boolean) is $$
The name of a street that is written in capitals or in small letters throughout, as street signs have it; small words
stay small after a street type.

    select app_private.street_title('DE L''EGLISE', true), app_private.street_title('LES GRANGES', false);
    -- de l'Eglise, Les Granges
$$;
