create function app_private.percent(share numeric)
returns text
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
  select case
    when share = 0 then '0 %'
    when share > 0 and share < 0.001 then 'under 0.1 %'
    when share > 0.99 and share < 1 then trunc(share * 100, 1) || ' %'
    when share < 0.1 then round(share * 100, 1) || ' %'
    else round(share * 100) || ' %'
  end
$$;

comment on function app_private.percent(numeric) is $$
A share as it is read aloud.

    select app_private.percent(0.3412);  -- 34 %
$$;
