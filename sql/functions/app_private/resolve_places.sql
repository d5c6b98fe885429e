-- Most places are a commune's name beside a postal code that serves it: found in two indexes, where weighing the
-- evidence in resolve_cities costs half a millisecond each. Where nothing competes with such a commune both give the
-- same answer (test/sql/normalise-places.test.ts). Each place is looked up by itself: a join would read all communes.
-- From 0.75 on name and place do not contradict each other: below lie a name found elsewhere only, and a postal code
-- beside a name that nobody knows. A wrong commune would falsify its statistics; a missing one only leaves a home out.

create function app_private.resolve_places(cities text[], postal_codes text[], insee_codes text[])
returns table (
  city_said text,
  postal_code_said text,
  code_said text,
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
    found as materialized (
      select
        i.city,
        i.postal_code,
        i.code,
        i.code is null or k.insee_code is not null as is_code_known,
        coalesce(k.insee_code, case when c.is_alone and not c.has_rival then c.insee_code end) as insee_code
      from rows from (unnest($1), unnest($2), unnest($3)) as i (city, postal_code, code)
      cross join lateral (
        select case
          when i.code is null then null
          else coalesce(
            (select c.insee_code from app_public.cities as c where c.insee_code = i.code),
            app_public.present_insee_code(i.code)
          )
        end as insee_code
        offset 0
      ) as k
      cross join lateral (
        select
          m.normal_name,
          app_base.city_name_key(m.normal_name) as name_key,
          app_private.read_postal_code(i.postal_code) as postal_code
        from (select app_base.normal_city_name(i.city) as normal_name offset 0) as m
        offset 0
      ) as n
      cross join lateral (
        select
          min(c.insee_code) as insee_code,
          count(*) = 1 and min(c.normal_name) = n.normal_name as is_alone,
          exists (
            select
            from app_public.former_cities as f
            where f.name_key = n.name_key
              and exists (
                select from app_public.city_postal_codes as p
                where p.postal_code = n.postal_code and p.insee_code = f.insee_code
              )
              and f.insee_code <> min(c.insee_code)
          ) as has_rival
        from app_public.cities as c
        where i.code is null
          and n.normal_name not in ('', 'paris', 'lyon', 'marseille')
          and c.name_key = n.name_key
          and exists (
            select from app_public.city_postal_codes as p
            where p.postal_code = n.postal_code and p.insee_code = c.insee_code
          )
      ) as c
    ),
    rest as (
      select
        array_agg(f.city) as cities,
        array_agg(f.postal_code) as postal_codes,
        array_agg(f.code) as codes
      from found as f
      where f.insee_code is null and (f.city is not null or f.postal_code is not null)
      having count(*) > 0
    ),
    answers as (
      select
        f.city, f.postal_code, f.code, f.insee_code,
        case when f.insee_code is not null then 1.00 end as confidence,
        f.is_code_known
      from found as f
      where f.insee_code is not null or f.city is null and f.postal_code is null
      union all
      select
        q.city, q.postal_code, q.code,
        case when q.confidence >= 0.75 then q.insee_code end,
        q.confidence,
        q.code is null
      from rest as r
      cross join lateral rows from (
        unnest(r.cities), unnest(r.postal_codes), unnest(r.codes),
        app_public.resolve_cities(r.cities, r.postal_codes)
      ) as q (city, postal_code, code, insee_code, name, confidence, reason, candidates)
    )
  select
    a.city, a.postal_code, a.code,
    a.insee_code,
    coalesce(y.name, a.city),
    y.department_code,
    a.confidence,
    a.is_code_known
  from answers as a
  left join app_public.cities as y on y.insee_code = a.insee_code
$$;

comment on function app_private.resolve_places(text[], text[], text[]) is $$
The commune of each place that a source names by city, postal code and INSEE code, side by side: one row for each, with
the names as they were said.

A known INSEE code, present or former, decides alone. Without one, name and postal code do, as resolve_cities
weighs them; below a confidence of 0.75 `insee_code` is null and the city's name stays as it was said.
`is_code_known` is false where an INSEE code was given that nobody knows.

    select insee_code from app_private.resolve_places(array['ST ETIENNE'], array['42000'], array[null]);  -- 42218
$$;
