create function app_private.read_dpe_class(text)
returns text
language sql
immutable
parallel safe
as $$
  select case
    when $1 between 'A' and 'G' and length($1) = 1 then $1
    else upper(substring($1, '^\s*(?:(?:[Dd][Pp][Ee]|[Gg][Ee][Ss]|[Cc]lasse(?: [ée]nergie)?)\s*:?\s*)?([A-Ga-g])\s*$'))
  end
$$;

comment on function app_private.read_dpe_class(text) is $$
The class of an energy certificate, A to G, as it is written: C, c, "DPE : C".

Null when it is not said (NC, vierge, non soumis) and when it cannot be read.

    select app_private.read_dpe_class('DPE : c');  -- C
$$;
