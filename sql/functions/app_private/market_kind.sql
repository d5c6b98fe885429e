-- Without `set`, so that it is inlined, as market_key and month_number are.

create function app_private.market_kind(property_type app_base.property_type, nature app_base.mutation_nature)
returns integer
language sql
immutable
parallel safe
return
  case property_type when 'house' then 0 when 'flat' then 4 when 'land' then 8 when 'commercial' then 12 end
  + case nature when 'sale' then 0 when 'off_plan_sale' then 1 when 'auction' then 2 end;

comment on function app_private.market_kind(app_base.property_type, app_base.mutation_nature) is $$
Type and nature of a counted sale as one number: four times the type plus the nature.
Part of app_private.market_figures.
$$;
