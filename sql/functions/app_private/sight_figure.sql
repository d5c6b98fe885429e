create function app_private.sight_figure(text)
returns integer
language sql
stable
parallel safe
as $$
  select case
    when $1 between '0' and ':'
      and $1 not like '0_%'
      and pg_input_is_valid(
        replace(
          replace(replace(replace($1, ' kWh/m²/an', ''), ' kgCO2/m²/an', ''), ' kg CO2/m²/an', ''), ' kWh/m².an', ''
        ),
        'smallint'
      )
      then replace(
        replace(replace(replace($1, ' kWh/m²/an', ''), ' kgCO2/m²/an', ''), ' kg CO2/m²/an', ''), ' kWh/m².an', ''
      )::integer
  end
$$;

comment on function app_private.sight_figure(text) is $$
A figure of an energy certificate in one of its commonest forms (185, 185 kWh/m²/an); null otherwise: see read_figure.

    select app_private.sight_figure('185 kWh/m²/an');  -- 185
$$;
