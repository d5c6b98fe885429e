-- Two kinds of evidence, multiplied. The name: 1 when it is the commune's, less for an article, a former name, a part
-- of the name, a misspelling (by trigrams: 1 - (1 - similarity)²). The place: 1 when the postal code serves the
-- commune, less when only the department agrees; without any place, the commune's share of the population of all
-- that bear the name. A code that serves n communes speaks for each of them by 0.6/n even where the name fits none.
-- The weights are measured on La Poste's file and on misspelt copies of it: test/sql/geography-accuracy.test.ts.

create function app_private.city_evidence(names text[], postal_codes text[], department_codes text[])
returns table (
  "position" bigint,
  insee_code text,
  name text,
  department_code text,
  parent_insee_code text,
  former_name text,
  name_basis text,
  place_basis text,
  place text,
  confidence double precision
)
language sql
stable
-- A batch and a single question take the same way through the indexes: one plan serves every call.
set plan_cache_mode = force_generic_plan
set jit = off
set search_path = pg_catalog, pg_temp
as $$
  with
    asked as materialized (
      select
        i.position,
        q.*,
        app_base.city_name_key(q.normal_name) as name_key,
        coalesce(s.city_count, 0) as city_count,
        s.departments is not null as is_served,
        case
          when s.departments is not null then s.departments
          -- Corsica's postal codes start with 20 in both departments.
          when q.postal_code like '20%' then array['2A', '2B']
          when q.postal_code ~ '^9[78]' then array[left(q.postal_code, 3)]
          when q.postal_code is not null then array[left(q.postal_code, 2)]
        end as departments
      from rows from (unnest($1), unnest($2), unnest($3))
        with ordinality as i (name, postal_code, department_code, position)
      cross join lateral (
        select r.* from app_private.read_city_question(i.name, i.postal_code, i.department_code) as r offset 0
      ) as q
      left join lateral (
        select
          array_agg(distinct c.department_code) as departments,
          count(*) filter (where c.kind <> 'arrondissement') as city_count
        from app_public.city_postal_codes as p
        join app_public.cities as c on c.insee_code = p.insee_code
        where p.postal_code = q.postal_code
      ) as s on q.postal_code is not null
    ),
    -- "offset 0" keeps the planner from taking these subqueries apart: an expression is computed once, not wherever it
    -- is read, and a question's condition goes into the view's union, one index probe per name.
    near as (
      select a.position, n.*
      from asked as a
      join app_public.city_postal_codes as p on p.postal_code = a.postal_code
      cross join lateral (
        select n.* from app_private.city_names as n where n.insee_code = p.insee_code offset 0
      ) as n
      -- The usual case, name and code agreeing, needs no look at the code's other communes.
      where not exists (
        select
        from app_public.cities as c
        join app_public.city_postal_codes as s on s.insee_code = c.insee_code
        where c.name_key = a.name_key and c.normal_name = a.normal_name and s.postal_code = a.postal_code
          and c.insee_code not in ('75056', '69123', '13055')
      )
      union
      select a.position, n.*
      from asked as a
      cross join lateral (
        select n.* from app_private.city_names as n where n.name_key = a.name_key and a.name_key <> '' offset 0
      ) as n
      union
      -- People put the INSEE code where the postal code was asked for.
      select a.position, n.*
      from asked as a
      cross join lateral (select app_public.present_insee_code(a.code_given) as insee_code offset 0) as c
      cross join lateral (
        select n.* from app_private.city_names as n where n.insee_code = c.insee_code offset 0
      ) as n
      where a.code_given ~ '^[0-9][0-9AB][0-9]{3}$'
    ),
    near_match as materialized (
      select n.*, m.*
      from near as n
      join asked as a on a.position = n.position
      cross join lateral app_private.match_city_name(a.normal_name, a.name_key, n.normal_name, n.name_key) as m
    ),
    -- Misspelt names are looked for in the whole department, or country, only where nothing nearer fits.
    misspelt as materialized (
      select
        a.position,
        a.normal_name,
        case when a.department_code is null then a.departments else array[a.department_code] end as looked_in
      from asked as a
      where a.normal_name <> ''
        and not exists (
          select from near_match as n where n.position = a.position and n.name_score >= 0.9
        )
    ),
    far as (
      select m.position, n.*
      from misspelt as m
      cross join lateral (
        select n.*
        from app_private.city_names as n
        where n.department_code = any (m.looked_in)
        order by extensions.similarity(n.normal_name, m.normal_name) desc, n.insee_code
        limit 5
      ) as n
      where m.looked_in is not null
      union all
      select m.position, n.*
      from misspelt as m
      cross join lateral (
        select
          c.insee_code, c.name, c.kind, c.department_code, c.parent_insee_code, c.population,
          null::text as former_name, c.normal_name, c.name_key
        from app_public.cities as c
        order by c.normal_name operator(extensions.<->) m.normal_name
        limit 5
      ) as n
      where m.looked_in is null
    ),
    matched as (
      select * from near_match
      union all
      select f.*, m.*
      from far as f
      join asked as a on a.position = f.position
      cross join lateral app_private.match_city_name(a.normal_name, a.name_key, f.normal_name, f.name_key) as m
      where not exists (
        select from near_match as n where n.position = f.position and n.insee_code = f.insee_code
      )
    ),
    placed as (
      select
        m.position, m.insee_code, m.name, m.kind, m.department_code, m.parent_insee_code, m.former_name,
        m.population,
        a.normal_name = '' as is_nameless,
        a.city_count,
        a.is_served,
        p.place_basis,
        coalesce(
          case when p.place_basis = 'department' then a.department_code end,
          a.postal_code, a.code_given, a.department_code
        ) as place,
        case
          when a.normal_name = '' then 'missing'
          -- PARIS and 75008: the code tells which arrondissement is meant.
          when p.place_basis = 'postal' and m.kind = 'arrondissement'
            and starts_with(m.normal_name, a.normal_name || ' ') then 'arrondissement'
          when m.former_name is not null and m.name_basis <> 'none' then 'former'
          else m.name_basis
        end as name_basis,
        case
          when p.place_basis = 'postal' and m.kind = 'arrondissement'
            and starts_with(m.normal_name, a.normal_name || ' ') then 1
          when m.former_name is not null and p.place_basis = 'postal' then m.name_score * 0.97
          when m.former_name is not null then m.name_score * 0.85
          else m.name_score
        end as name_score,
        case
          when p.place_basis = 'postal' then 1
          -- A code that is also somebody's postal code is an INSEE code only when the name says so.
          when p.place_basis = 'insee_code' and a.is_served and m.name_score < 0.9 then 0
          when p.place_basis = 'insee_code' then 0.97
          when p.place_basis = 'department' then 0.97
          when p.place_basis = 'unknown_postal_code' then 0.95
          -- Two mistakes at once, in the name and in the code, are rarer than the name of a hamlet.
          when p.place_basis = 'other_postal_code' and m.name_basis in ('close', 'part') then 0.6
          when p.place_basis = 'other_postal_code' and m.kind <> 'arrondissement' then 0.85
          when p.place_basis = 'other_postal_code' then 0.5
          when p.place_basis = 'elsewhere' then 0.6
        end
        * case when a.department_code <> m.department_code then 0.6 else 1 end as place_score
      from matched as m
      join asked as a on a.position = m.position
      cross join lateral (
        select case
          when a.postal_code is not null and exists (
            select from app_public.city_postal_codes as p
            where p.postal_code = a.postal_code and p.insee_code = m.insee_code
          ) then 'postal'
          when m.insee_code = a.code_given or exists (
            select from app_public.former_cities as f
            where f.former_insee_code = a.code_given and f.insee_code = m.insee_code
          ) then 'insee_code'
          when a.is_served and m.department_code = any (a.departments) then 'other_postal_code'
          when a.department_code = m.department_code then 'department'
          when a.postal_code is not null and m.department_code = any (a.departments) then 'unknown_postal_code'
          when a.department_code is not null or a.postal_code is not null then 'elsewhere'
          else 'none'
        end as place_basis
        offset 0
      ) as p
    ),
    -- How much of the population bearing a name lives there; a present commune is meant more often than a former.
    shared as (
      select
        p.*,
        case when p.name_score < 0.9 then 0 else w.weight end
          / nullif(sum(case when p.name_score < 0.9 then 0 else w.weight end) over (partition by p.position), 0)
          as share,
        max(p.name_score) over (partition by p.position) as best_name_score,
        bool_or(
          p.name_basis = 'exact' and p.place_basis not in ('elsewhere', 'none')
          or p.name_basis = 'former' and p.name_score >= 0.97
        ) over (partition by p.position) as has_namesake
      from placed as p
      cross join lateral (
        select (coalesce(p.population, 0) + 1)
          * case p.name_basis when 'exact' then 1.0 when 'spelling' then 0.3 else 0.05 end as weight
      ) as w
    )
  select distinct on (s.position, s.insee_code)
    s.position, s.insee_code, s.name, s.department_code, s.parent_insee_code, s.former_name,
    s.name_basis, s.place_basis, s.place, c.confidence
  from shared as s
  cross join lateral (
    select greatest(
      case
        when s.is_nameless then 0
        when s.place_basis = 'none' then s.name_score * coalesce(nullif(s.share, 0), 0.8) * 0.98
        when s.place_basis = 'elsewhere' then s.name_score * s.place_score * coalesce(s.share, 0.5)
        -- Right name and wrong code of one department are likelier than a slip that makes another's name of it.
        when s.has_namesake and s.name_basis in ('part', 'close') then s.name_score * s.place_score * 0.85
        when s.has_namesake and s.name_basis = 'spelling' then s.name_score * s.place_score * 0.9
        else s.name_score * s.place_score
      end,
      case
        when s.is_nameless and s.place_basis = 'postal' then 0.98 / s.city_count
        when s.is_nameless and s.place_basis = 'insee_code' and not s.is_served then 0.98
        when s.place_basis = 'postal' and s.best_name_score >= 0.9 then 0.3 / s.city_count
        when s.place_basis = 'postal' then 0.6 / s.city_count
        else 0
      end
    ) as confidence
  ) as c
  order by s.position, s.insee_code, c.confidence desc, s.former_name nulls first
$$;

comment on function app_private.city_evidence(text[], text[], text[]) is $$
Every commune that a batch of names, postal codes and departments could mean, one row per question and commune, with
what speaks for it.

`name_basis`: exact, spelling, arrondissement, former, part, close, none, missing (no name was given). `place_basis`: postal, insee_code, department,
unknown_postal_code, other_postal_code (of the same department), elsewhere, none (no place was given).
`confidence` from 0 to 1.
$$;
