-- Security definer: it reads the reference tables and nothing else, which both application roles may read whole.

create function app_public.resolve_cities(
  names text[],
  postal_codes text[] default null,
  department_codes text[] default null
)
returns setof app_public.city_resolution
language sql
stable
security definer
set plan_cache_mode = force_generic_plan
set jit = off
set search_path = pg_catalog, pg_temp
as $$
  with
    ranked as (
      select
        e.*,
        row_number() over (
          partition by e.position
          -- At equal confidence the arrondissement says more than its city.
          order by e.confidence desc, e.parent_insee_code nulls last, e.insee_code
        ) as rank
      from app_private.city_evidence($1, $2, $3) as e
      where e.confidence > 0
    ),
    best as (select r.* from ranked as r where r.rank = 1),
    rival as (
      select distinct on (r.position) r.position, r.name, r.confidence
      from ranked as r
      join best as b on b.position = r.position
      where r.rank > 1
        and r.insee_code is distinct from b.parent_insee_code
        and r.parent_insee_code is distinct from b.insee_code
      order by r.position, r.rank
    ),
    considered as (
      select
        r.position,
        array_agg(
          row(r.insee_code, r.name, r.department_code, round(r.confidence::numeric, 2))::app_public.city_candidate
          order by r.rank
        ) as candidates
      from ranked as r
      where r.rank <= 5
      group by r.position
    )
  select
    case when d.verdict = 'chosen' then b.insee_code end,
    case when d.verdict = 'chosen' then b.name end,
    case when d.verdict = 'chosen' then round(b.confidence::numeric, 2) else 0 end,
    app_private.city_reason(
      d.verdict, i.name, coalesce(b.place, i.postal_code, i.department_code),
      b.name, b.former_name, b.name_basis, b.place_basis, r.name
    ),
    coalesce(c.candidates, '{}')
  from rows from (unnest($1), unnest($2), unnest($3))
    with ordinality as i (name, postal_code, department_code, position)
  left join best as b on b.position = i.position
  left join rival as r on r.position = i.position
  left join considered as c on c.position = i.position
  cross join lateral (
    select case
      when b.position is null then 'unknown'
      -- Nothing but its size speaks for the greatest of several namesakes: it must be much the greatest.
      when b.confidence < case b.place_basis when 'none' then 0.75 else 0.6 end then 'weak'
      when b.confidence - coalesce(r.confidence, 0) < 0.04 then 'tied'
      else 'chosen'
    end as verdict
  ) as d
  order by i.position
$$;

comment on function app_public.resolve_cities(text[], text[], text[]) is $$
The communes that names with postal codes mean, for a whole batch: one row per name, in the order of the names.

The three arrays go side by side; a shorter or missing one counts as nulls. See `resolve_city` for the rules.

    select name, confidence from app_public.resolve_cities(array['LYON 03', 'Paris'], array['69003', '75008']);
    -- Lyon 3e Arrondissement, 1.00
    -- Paris 8e Arrondissement, 1.00
$$;

grant execute on function app_public.resolve_cities(text[], text[], text[]) to app_visitor, app_analyst;
