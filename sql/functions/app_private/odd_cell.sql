create function app_private.odd_cell(field text, words text, is_seen boolean)
returns text
language sql
immutable
parallel safe
as $$
  select case when not $3 and not app_private.sight_nothing($2) then $1 || ':' || $2 end
$$;

comment on function app_private.odd_cell(text, text, boolean) is $$
A staged field as `field:words` where something is written that was not seen at sight; null otherwise.

    select app_private.odd_cell('surface', '1 ha', false);  -- surface:1 ha
$$;
