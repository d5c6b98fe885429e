-- Most places are a commune's name beside a postal code that serves it: found in two indexes, where weighing the
-- evidence in resolve_cities costs half a millisecond each. Where nothing competes with such a commune both give the same
-- answer (test/sql/normalise-places.test.ts). A caller may have turned nested loops off, and here they are wanted.
-- From 0.75 on name and place do not contradict each other: below lie a name found elsewhere only, and a postal code
-- beside a name that nobody knows. A wrong commune would falsify its statistics; a missing one only leaves a home out.

create function app_private.resolve_places(cities text[], postal_codes text[], insee_codes text[])
returns table (
  "position" bigint,
  insee_code text,
  city_name text,
  department_code text,
  city_confidence numeric,
  is_code_known boolean
)
language sql
stable
set plan_cache_mode = force_generic_plan
set enable_nestloop = on
set jit = off
set search_path = pg_catalog, pg_temp
as $$
  with
    asked as materialized (
      select
        i.position,
        i.city,
        i.postal_code,
        i.insee_code as code,
        app_private.read_postal_code(i.postal_code) as five_digits,
        n.normal_name,
        app_base.city_name_key(n.normal_name) as name_key
      from rows from (unnest($1), unnest($2), unnest($3))
        with ordinality as i (city, postal_code, insee_code, position)
      cross join lateral (select app_base.normal_city_name(i.city) as normal_name offset 0) as n
    ),
    coded as materialized (
      select a.position, coalesce(c.insee_code, app_public.present_insee_code(a.code)) as insee_code
      from asked as a
      left join app_public.cities as c on c.insee_code = a.code
      where a.code is not null
    ),
    named as materialized (
      select a.position, min(n.insee_code) as insee_code
      from asked as a
      join app_private.city_names as n on n.name_key = a.name_key
      join app_public.city_postal_codes as p on p.postal_code = a.five_digits and p.insee_code = n.insee_code
      where a.code is null and a.normal_name <> '' and a.normal_name not in ('paris', 'lyon', 'marseille')
      group by a.position, a.normal_name
      having count(distinct n.insee_code) = 1
        and bool_or(n.former_name is null and n.normal_name = a.normal_name)
    ),
    rest as materialized (
      select
        array_agg(a.position order by a.position) as positions,
        array_agg(a.city order by a.position) as cities,
        array_agg(a.postal_code order by a.position) as postal_codes
      from asked as a
      left join coded as c on c.position = a.position and c.insee_code is not null
      left join named as n on n.position = a.position
      where c.position is null and n.position is null and (a.city is not null or a.postal_code is not null)
      having count(*) > 0
    ),
    answers as (
      select c.position, c.insee_code, 1.00 as confidence from coded as c where c.insee_code is not null
      union all
      select n.position, n.insee_code, 1.00 from named as n
      union all
      select
        r.positions[q.ordinality],
        case when q.confidence >= 0.75 then q.insee_code end,
        q.confidence
      from rest as r
      cross join lateral app_public.resolve_cities(r.cities, r.postal_codes) with ordinality as q
    )
  select
    a.position,
    s.insee_code,
    coalesce(y.name, a.city),
    y.department_code,
    s.confidence,
    a.code is null or c.insee_code is not null
  from asked as a
  left join answers as s on s.position = a.position
  left join coded as c on c.position = a.position
  left join app_public.cities as y on y.insee_code = s.insee_code
$$;

comment on function app_private.resolve_places(text[], text[], text[]) is $$
The commune of each place that a source names by city, postal code and INSEE code, side by side: one row for each.

A known INSEE code, present or former, decides alone. Without one, name and postal code do, as resolve_cities
weighs them; below a confidence of 0.75 `insee_code` is null and the city's name stays as it was said.
`is_code_known` is false where an INSEE code was given that nobody knows.

    select insee_code, city_confidence from app_private.resolve_places(array['ST ETIENNE'], array['42000'], array[null]);
    -- 42218, 1.00
$$;
