-- Parts stand between commas, brackets and dashes; one of them is the street: the one with the number, else the first
-- that begins with the name of a way, else the first. City and postal code, wherever they stand, are no parts.

create function app_private.read_long_address(address text, city text, has_number boolean)
returns table (street_number integer, street text, complement text, postal_code text, place text)
language plpgsql
immutable
parallel safe
rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
  ways constant text := '(?:rue|r|avenue|av|ave|boulevard|bd|bld|blvd|chemin|che|ch|impasse|imp|place|pl|route|rte'
    || '|all[ée]e|all|square|sq|quai|cours|passage|ruelle|sentier|mont[ée]e|traverse|voie|grande? rue|rond-point'
    || '|faubourg)\M';
  words text := address;
  found text[];
  part text;
  parts text[] := '{}';
  rank integer;
  best integer;
  best_rank integer;
  city_key text;
  tail text;
begin
  if address is null then
    return;
  end if;
  -- "ITALIE (RUE D')": lists sorted by name write the kind of street last.
  words := regexp_replace(words, '^([^,;(]+?)\s*\((' || ways || '[^)]*)\)?$', '\2 \1', 'i');
  if words ~* 'france\W*$' then
    words := regexp_replace(words, '[\s,]+france\W*$', '', 'i');
  end if;
  if words ~* '\mcedex\M' then
    words := regexp_replace(words, '\s*\mcedex\M(?:\s*[0-9]{1,2}\M)?', '', 'gi');
  end if;

  if words ~ '[0-9]{5}' then
    found := regexp_match(words, '^(?:[Ff]-?)?([0-9]{5})[\s,]+([^0-9,;]+?)\s*[,;]\s*(.+)$');
    if found is not null and not has_number and found[2] !~* ('^' || ways) then
      postal_code := found[1];
      place := found[2];
      words := found[3];
    else
      found := regexp_match(
        words,
        '^(.*)\m(?:[Ff]-?)?([0-9]{5})\M[\s,)–-]*([^,;()0-9]*(?:[0-9]{1,2} ?(?:er|e|[eè]me)?\M[^,;()0-9]*)?)\)?\s*$'
      );
      if found[3] !~* ('^' || ways) then
        postal_code := found[2];
        place := nullif(btrim(found[3]), '');
        words := found[1];
      end if;
    end if;
  end if;
  city_key := app_base.normal_city_name(coalesce(city, place));

  -- "12 bis, rue de la Paix": the number belongs to what follows it.
  words := regexp_replace(words, '^((?:[0-9]{1,5} ?)?(?:bis|ter|quater|[a-z])?)\s*,\s*', '\1 ', 'i');
  if words ~ ', ?[0-9]' then
    words := regexp_replace(words, '([,;]\s*[0-9]{1,4} ?(?:bis|ter|quater|[a-z]\M)?)\s*,\s*', '\1 ', 'gi');
  end if;
  foreach part in array regexp_split_to_array(words, '\s*[,;()]\s*|\s+[-–]\s+') loop
    part := rtrim(ltrim(part, ' .'), ' .-');
    continue when part !~ '\w'
      or part ~ '^(?:[0-9]{2,3}|2[ABab])$'
      or app_base.normal_city_name(part) = city_key;
    parts := parts || part;
    rank := case
      when has_number and cardinality(parts) = 1 then 0
      when part ~* ('^(?:n ?[°o]\.? ?)?[0-9]{1,5}\M[^a-z]*(?:(?:bis|ter|quater|[a-z])\M\s*)?' || ways) then 1
      when part ~* ('^' || ways) then 2
      when part ~ '^[0-9]{1,5} ' then 3
      else 4
    end;
    if best_rank is null or rank < best_rank then
      best_rank := rank;
      best := cardinality(parts);
    end if;
  end loop;
  street := parts[best];
  -- "…, Paris 75002"
  if postal_code is not null and coalesce(city, place) is null and cardinality(parts) > greatest(best, 1)
    and parts[cardinality(parts)] !~ '[0-9]' then
    place := parts[cardinality(parts)];
    parts := parts[:cardinality(parts) - 1];
  end if;
  complement := nullif(array_to_string(parts[:best - 1] || parts[best + 1:], ', '), '');

  -- "12 rue de la Paix Paris", but neither "avenue de Paris" nor "rue Paris".
  if city_key <> '' and street is not null then
    tail := substring(street, '(?:\w+\W*){' || least(regexp_count(coalesce(city, place), '\w+'), 12) || '}$');
    if app_base.normal_city_name(tail) = city_key then
      words := rtrim(left(street, length(street) - length(tail)), ' ,-');
      if words = '' or words ~ '\w\W+\w+\W*$'
        and words !~* '\m(?:de|du|des|d|la|le|les|l|et|à|a|au|aux|en|sur|sous|saint|sainte|st|ste)\W*$' then
        street := nullif(words, '');
      end if;
    end if;
  end if;
  if not has_number then
    found := regexp_match(street, '^(?:n ?[°o]\.? ?)?([0-9]{1,5})(?![0-9]|e\M|er\M|[eè]me\M)[\s,]*(.*)$', 'i');
    if found is not null then
      street_number := nullif(found[1]::integer, 0);
      street := nullif(found[2], '');
    end if;
  end if;
  return next;
end
$$;

comment on function app_private.read_long_address(text, text, boolean) is $$
An address that holds more than number and street, taken apart: number, street, the other parts (residence, building) as
complement, postal code and city (`place`). `has_number` says that the number has been cut off in front.

    select * from app_private.read_long_address('Résidence Les Lilas, 12 rue de la Paix, 75002 Paris', null, false);
    -- 12, rue de la Paix, Résidence Les Lilas, 75002, Paris
$$;
