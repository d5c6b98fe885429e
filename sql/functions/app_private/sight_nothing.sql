create function app_private.sight_nothing(text)
returns boolean
language sql
immutable
parallel safe
as $$
  select lower($1) = any (array[
    '', '-', '0', 'nc', 'n/c', 'n.c.', 'na', 'n/a', 'vierge', 'non communiqué', 'non renseigné', 'prix sur demande',
    'sur demande', 'nous consulter', 'en cours', 'null', 'none', 'nan'
  ])
$$;

comment on function app_private.sight_nothing(text) is $$
Whether a text says nothing in one of the commonest ways, those of fields where 0 says nothing either; see is_not_said.

    select app_private.sight_nothing('NC');  -- true
$$;
