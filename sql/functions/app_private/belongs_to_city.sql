create function app_private.belongs_to_city(insee_code text, names text[], postal_codes text[])
returns boolean[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select array_agg(
    case
      when r.insee_code is null then null
      -- The whole city's name does not tell which of its arrondissements is meant.
      when c.insee_code = $1 and c.parent_insee_code is not null and r.insee_code = c.parent_insee_code then null
      else r.insee_code = $1 or f.parent_insee_code is not distinct from $1
    end
    order by r.ordinality
  )
  from app_public.resolve_cities(
    $2, $3,
    -- Where no postal code is shown, the department around is the best that is known.
    array(
      select case when p.code is null then (select d.department_code from app_public.cities as d where d.insee_code = $1) end
      from rows from (unnest($2), unnest($3)) as p (name, code)
    )
  ) with ordinality as r (
    insee_code, name, confidence, reason, candidates, ordinality
  )
  left join app_public.cities as f on f.insee_code = r.insee_code
  left join app_public.cities as c on c.insee_code = $1
$$;

comment on function app_private.belongs_to_city(text, text[], text[]) is $$
Whether places, by name and postal code, are in a city (its arrondissements among them): true, false, or null where it
cannot be told. One answer to each, in their order.

    select app_private.belongs_to_city('35238', '{RENNES,Cesson-Sévigné}', '{35000,35510}');  -- {t,f}
$$;
