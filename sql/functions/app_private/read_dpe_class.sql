create function app_private.read_dpe_class(text)
returns text
language sql
immutable
strict
parallel safe
as $$
  select upper(substring(c.words, '^(?:(?:dpe|ges|classe(?: energie)?)\s*:?\s*)?([a-g])$'))
  from (select app_base.search_text(app_private.collapse_spaces($1)) as words) as c
$$;

comment on function app_private.read_dpe_class(text) is $$
The class of an energy certificate, A to G, as it is written: C, c, "DPE : C".

Null when it is not said (NC, vierge, non soumis) and when it cannot be read.

    select app_private.read_dpe_class('DPE : c');  -- C
$$;
