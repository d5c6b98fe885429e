create function app_private.read_figure(text)
returns integer
language sql
immutable
parallel safe
as $$
  select case
    when $1 is null then null
    when ltrim($1, '0123456789') = '' and length($1) between 1 and 6 then $1::integer
    else app_private.read_figure_words($1)
  end
$$;

comment on function app_private.read_figure(text) is $$
A figure of an energy certificate as it is written, rounded: 185, 185,4, 185 kWh/m²/an, 32 kgCO2/m².an.

Null when it is not said and when it cannot be read.

    select app_private.read_figure('185 kWh/m²/an');  -- 185
$$;
