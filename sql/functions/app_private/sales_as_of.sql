-- requires: sql/functions/app_private/past_sale.sql
-- Rows that no later release touched are read where they are, by the indexes of the ledger when communes are asked
-- for; only touched ones are taken from images.

create function app_private.sales_as_of(target_order integer, communes text[])
returns setof app_public.transactions
language plpgsql
stable
rows 100000
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
  later integer[];
begin
  select coalesce(array_agg(r.id), '{}') into later
  from app_public.dvf_releases as r
  where r.applied_order > target_order;

  return query
  select t.*
  from app_public.transactions as t
  where t.added_release_id <> all (later)
    and t.changed_release_id <> all (later)
    and (t.located_release_id is null or t.located_release_id <> all (later))
    and (communes is null or t.insee_code = any (communes) or t.parent_insee_code = any (communes))
  union all
  select p.*
  from app_public.transactions as t
  cross join lateral app_private.past_sale(to_jsonb(t), later) as p
  where t.added_release_id <> all (later)
    and t.changed_release_id <> all (later)
    and t.located_release_id = any (later)
    and (communes is null or t.insee_code = any (communes) or t.parent_insee_code = any (communes))
  union all
  select p.*
  from (
    -- The first of the later releases to touch a sale kept the image from before all of them.
    select distinct on (v.transaction_id) v.image
    from app_private.transaction_versions as v
    join app_public.dvf_releases as r on r.id = v.release_id
    where r.applied_order > target_order
    order by v.transaction_id, r.applied_order
  ) as v
  cross join lateral app_private.past_sale(v.image, later) as p
  where (v.image ->> 'added_release_id')::integer <> all (later)
    and (
      communes is null
      or v.image ->> 'insee_code' = any (communes)
      or v.image ->> 'parent_insee_code' = any (communes)
    );
end
$$;

comment on function app_private.sales_as_of(integer, text[]) is $$
The ledger as it stood after the release with that `applied_order`; all of it, or the sales of some communes.

`communes` are INSEE codes of communes, arrondissements, or of Paris, Lyon and Marseille whole; null for all.
$$;
