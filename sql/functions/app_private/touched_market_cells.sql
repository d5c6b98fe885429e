create function app_private.touched_market_cells(release integer)
returns app_private.market_cell[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  with touched as (
    select t.insee_code, t.parent_insee_code, t.department_code, t.property_type, t.nature, t.sold_on
    from app_public.transactions as t
    where t.id in (
      select c.transaction_id from app_public.transaction_changes as c where c.release_id = release
      union all
      -- What is computed (surface certainty, evidence) changes without a change record of its own.
      select v.transaction_id from app_private.transaction_versions as v where v.release_id = release
    )
    union all
    select i.insee_code, i.parent_insee_code, i.department_code, i.property_type, i.nature, i.sold_on
    from app_private.transaction_versions as v
    cross join lateral jsonb_to_record(v.image) as i (
      insee_code text, parent_insee_code text, department_code text,
      property_type app_base.property_type, nature app_base.mutation_nature, sold_on date
    )
    where v.release_id = release
  ),
  cells as (
    select distinct
      t.insee_code, t.parent_insee_code, t.department_code, t.property_type, t.nature,
      date_trunc('month', t.sold_on)::date as sold_month
    from touched as t
    where t.property_type in ('house', 'flat', 'land', 'commercial')
      and t.nature in ('sale', 'off_plan_sale', 'auction')
  )
  select coalesce(
    array_agg(
      (c.insee_code, c.parent_insee_code, c.department_code, c.property_type, c.nature, c.sold_month)
        ::app_private.market_cell
    ),
    '{}'
  )
  from cells as c
$$;

comment on function app_private.touched_market_cells(integer) is $$
The cells of market statistics that a release touches, as its sales stood before it and as they stand now.

The same cells before and after the release is applied or undone: ask while its changes and versions are kept.
$$;
