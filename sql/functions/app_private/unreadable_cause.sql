-- What a text looks like tells which mishap brought it here. The order matters: two glued amounts hold digits too.

create function app_private.unreadable_cause(data_type text, raw text)
returns text
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
  select case
    when raw ~ '<[a-zA-Z/!][^>]*>' or raw ~ '&(amp|nbsp|euro|lt|gt|#\d+);' then 'markup'
    when raw ~* '^\W*(null|undefined|nan|none|n/?a|#ref!?|#n/a|\{\{.*\}\}|\[object object\])\W*$' then 'placeholder'
    when raw ~ '\d.*(€|m2|m²).*\d.*(€|m2|m²)' or raw ~ '\d\s*€.+\d\s*€' then 'two_amounts'
    when raw ~ '(…|\.\.\.)\s*$' then 'cut_off'
    when raw ~* '^\s*https?://' or raw ~ '^\s*[^\s@]+@[^\s@]+\.[a-z]{2,}\s*$' then 'other_field'
    when data_type !~ 'date' and raw ~ '^\s*\d{1,4}[-/]\d{1,2}[-/]\d{1,4}\s*$' then 'other_field'
    when data_type ~ 'date' and raw ~ '\d' then 'no_such_day'
    when data_type ~ '(int|numeric|number|double|real|decimal)' then case
      when raw !~ '\d' then 'words'
      when raw ~ '^\s*[-+]?[\d\s.,]+\s*(€|m2|m²)?\s*$' then 'out_of_range'
      else 'mixed'
    end
    else 'other'
  end
$$;

comment on function app_private.unreadable_cause(text, text) is $$
What kind of mishap a text that could not be read looks like, in a field of a data type.

`markup`, `placeholder` (null, NaN…), `two_amounts` (glued), `cut_off`, `other_field` (an address of the web, a mail
address, a day where a number belongs), `no_such_day`, `words` (a number without digits), `out_of_range`, `mixed`
(digits and words), `other`.

    select app_private.unreadable_cause('numeric', '252 000 €*8 129 € / m2');  -- two_amounts
$$;
