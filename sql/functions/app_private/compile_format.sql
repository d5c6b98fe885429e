-- A regular expression costs a microsecond for each value, like a tenth of that: an address of the web or of e-mail is
-- told by likes alone, and the commonest form of a telephone number and a code before the expression is asked.

create function app_private.compile_format(value text, preset text)
returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
  select format(case preset
    when 'siren' then '(%1$s !~ ''^[0-9]{9}$'' or not app_base.passes_luhn(%1$s))'
    when 'url' then
      '(not (%1$s like ''https://_%%._%%'' or %1$s like ''http://_%%._%%'') or strpos(%1$s, '' '') > 0)'
    when 'email' then
      '(%1$s not like ''_%%@_%%.__%%'' or %1$s like ''%%@%%@%%'' or strpos(%1$s, '' '') > 0)'
    when 'insee_code' then
      '(translate(%1$s, ''123456789'', ''000000000'') <> ''00000'' and %1$s !~ ''^2[AB][0-9]{3}$'')'
    when 'postal_code' then
      '(translate(%1$s, ''123456789'', ''000000000'') <> ''00000'' or %1$s not between ''01000'' and ''98999'')'
    -- Commune, three digits of a former commune, section of two characters, plan of four digits.
    when 'parcel_id' then '%1$s !~ ''^[0-9][0-9AB][0-9]{6}[0-9A-Z]{2}[0-9]{4}$'''
    -- Year, department, kind of certificate, serial number, check letter.
    when 'dpe_number' then '%1$s !~ ''^[0-9]{3}[0-9AB][A-Z][0-9]{7}[A-Z]$'''
    -- The overseas departments have calling codes of their own.
    when 'phone_fr' then
      '%1$s !~ ''^(0|\+33|\+262|\+590|\+594|\+596|\+508|\+687|\+689)[1-9][0-9]{8}$'''
  end, value)
$$;

comment on function app_private.compile_format(text, text) is $$
The condition under which a value is not of a format.

    select app_private.compile_format('r.postal_code', 'postal_code');
$$;
