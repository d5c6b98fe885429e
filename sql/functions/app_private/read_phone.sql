-- The numbering of overseas departments has country codes of its own.

create function app_private.read_phone(text)
returns text
language sql
immutable
strict
parallel safe
as $$
  select case
    when n.digits like '+33%' then substring(n.digits, '^\+33[1-9][0-9]{8}$')
    when n.digits ~ '^\+[1-9][0-9]{7,14}$' then n.digits
    when n.digits ~ '^0(?:590|690|691)[0-9]{6}$' then '+590' || substr(n.digits, 2)
    when n.digits ~ '^0(?:594|694)[0-9]{6}$' then '+594' || substr(n.digits, 2)
    when n.digits ~ '^0(?:596|696|697)[0-9]{6}$' then '+596' || substr(n.digits, 2)
    when n.digits ~ '^0(?:262|263|269|639|692|693)[0-9]{6}$' then '+262' || substr(n.digits, 2)
    when n.digits ~ '^0508[0-9]{6}$' then '+508' || substr(n.digits, 5)
    when n.digits ~ '^0[1-9][0-9]{8}$' then '+33' || substr(n.digits, 2)
  end
  from (
    select regexp_replace(
      regexp_replace(translate(g.words, ' .-/()', ''), '^00', '+'), '^\+(33|262|590|594|596)0', '+\1'
    ) as digits
    from (
      select regexp_replace(
        app_private.collapse_spaces($1), '^(?:t[ée]l(?:[ée]phone)?\.?\s*:?\s*)', '', 'i'
      ) as words
      where length($1) <= 60
    ) as g
  ) as n
$$;

comment on function app_private.read_phone(text) is $$
A French telephone number (overseas too), or a foreign one with its country code, in the form +33612345678 (E.164).

Null when it is none, or several.

    select app_private.read_phone('06 12 34 56 78');  -- +33612345678
$$;
