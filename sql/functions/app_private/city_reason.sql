create function app_private.city_reason(
  verdict text,
  asked_name text,
  asked_place text,
  name text,
  former_name text,
  name_basis text,
  place_basis text,
  rival_name text
)
returns text
language sql
immutable
as $$
  select case
    when g.name is null and g.place is null then 'neither name nor place was given'
    when $1 = 'unknown' then
      concat_ws(' and ', 'no commune is called ' || g.name, 'none is served by ' || g.place)
    when $1 in ('weak', 'tied') and (g.name is null or $6 = 'missing') then format('%s serves several communes: give a name', g.place)
    when $1 = 'weak' and $6 = 'none' then format('none of the communes that %s serves is called %s', g.place, g.name)
    when $1 = 'weak' and $7 = 'elsewhere' and $6 <> 'close' then
      format('%s and %s contradict each other', g.name, g.place)
    when $1 = 'weak' and $7 = 'none' and $6 in ('exact', 'spelling', 'former') then
      format('several communes are called %s: give a postal code or a department', g.name)
    when $1 = 'weak' and $6 in ('exact', 'spelling') then format('%s and %s contradict each other', g.name, g.place)
    when $1 = 'weak' then format('%s is the nearest to %s, and not near enough', $4, g.name)
    when $1 = 'tied' then format('%s and %s fit equally well', $4, $8)
    else concat_ws(
      '; ',
      case $6
        when 'exact' then 'the name is the same'
        when 'spelling' then 'the name is the same but for article or spaces'
        when 'arrondissement' then 'the name is the city''s, the code the arrondissement''s'
        when 'former' then format('the name is that of %s, now part of it', $5)
        when 'part' then 'one name is part of the other'
        when 'close' then 'the name is spelt nearly so'
        when 'missing' then 'no name was given'
        else g.name || ' is not its name'
      end,
      case $7
        when 'postal' then format('%s serves it', g.place)
        when 'insee_code' then format('%s is its INSEE code', g.place)
        when 'department' then format('department %s', g.place)
        when 'unknown_postal_code' then format('%s serves no commune (a CEDEX?) but is of its department', g.place)
        when 'other_postal_code' then format('%s serves others of its department', g.place)
        when 'elsewhere' then format('%s lies elsewhere, but hardly another commune has that name', g.place)
        else 'hardly another commune has that name'
      end
    )
  end
  from (
    select '"' || nullif(btrim($2), '') || '"' as name, nullif(btrim($3), '') as place
  ) as g
$$;

comment on function app_private.city_reason(text, text, text, text, text, text, text, text) is
  'The sentence that tells why a commune was chosen, or why none was (unknown, weak, tied), from the best one''s evidence.';
