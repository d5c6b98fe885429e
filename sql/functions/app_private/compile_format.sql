create function app_private.compile_format(value text, preset text)
returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
  select case preset
    when 'siren' then format('(%1$s !~ ''^[0-9]{9}$'' or not app_base.passes_luhn(%1$s))', value)
    else format('%s !~ %L', value, case preset
      when 'insee_code' then '^([0-9]{2}|2[AB])[0-9]{3}$'
      when 'postal_code' then '^(0[1-9]|[1-8][0-9]|9[0-8])[0-9]{3}$'
      -- Commune, three digits of a former commune, section of two characters, plan of four digits.
      when 'parcel_id' then '^([0-9]{2}|2[AB])[0-9]{6}[0-9A-Z]{2}[0-9]{4}$'
      -- Year, department, kind of certificate, serial number, check letter.
      when 'dpe_number' then '^[0-9]{2}([0-9]{2}|2[AB])[A-Z][0-9]{7}[A-Z]$'
      -- The overseas departments have calling codes of their own.
      when 'phone_fr' then '^(\+(33|262|590|594|596|508|687|689)|0)[1-9][0-9]{8}$'
      when 'email' then '^[^@\s,;<>]+@[^@\s.,;<>]+(\.[^@\s.,;<>]+)*\.[A-Za-z]{2,}$'
      when 'url' then '^https?://[^\s/?#]+\.[^\s/?#]+([/?#]\S*)?$'
    end)
  end
$$;

comment on function app_private.compile_format(text, text) is $$
The condition under which a value is not of a format.

    select app_private.compile_format('r.postal_code', 'postal_code');
$$;
