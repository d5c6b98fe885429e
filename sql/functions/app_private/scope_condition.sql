-- requires: sql/functions/app_private/scope_cities.sql

create function app_private.scope_condition(session app_public.scrape_sessions)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  condition text := format('l.source_id = %s and l.status <> ''removed''', session.source_id);
begin
  -- A home that was sold has left the market for good; only a register can take a sale back.
  if not exists (select from app_public.sources as s where s.id = session.source_id and s.kind = 'register') then
    condition := condition || ' and l.status <> ''sold''';
  end if;
  if session.scope_insee_codes is not null then
    condition := condition
      || format(' and l.insee_code = any (%L::text[])', app_private.scope_cities(session.scope_insee_codes));
  end if;
  if session.scope_property_types is not null then
    condition := condition
      || format(' and l.property_type = any (%L::app_base.property_type[])', session.scope_property_types);
  end if;
  if session.scope_from is not null then
    condition := condition || format(' and coalesce(l.sold_on, l.listed_on) >= %L', session.scope_from);
  end if;
  if session.scope_to is not null then
    condition := condition || format(' and coalesce(l.sold_on, l.listed_on) <= %L', session.scope_to);
  end if;
  return condition;
end
$$;

comment on function app_private.scope_condition(app_public.scrape_sessions) is $$
The condition, over an alias `l`, that a live home which the session could have seen satisfies: of its source, still
on the market, inside its cities, types and dates. A home whose city or date is not known is inside no such limit.
$$;
