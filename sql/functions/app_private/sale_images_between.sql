create function app_private.sale_images_between(from_order integer, to_order integer, communes text[])
returns table (transaction_id bigint, before_image jsonb, after_image jsonb)
language sql
stable
rows 10000
set search_path = pg_catalog, pg_temp
as $$
  with
    orders as (
      select r.id, r.applied_order from app_public.dvf_releases as r where r.applied_order is not null
    ),
    steps as (
      select o.id from orders as o where o.applied_order > from_order and o.applied_order <= to_order
    ),
    touched as (
      select c.transaction_id
      from app_public.transaction_changes as c
      where c.release_id in (select s.id from steps as s)
      union
      select v.transaction_id
      from app_private.transaction_versions as v
      where v.release_id in (select s.id from steps as s)
    ),
    versions as (
      select v.transaction_id, o.applied_order, v.image
      from app_private.transaction_versions as v
      join orders as o on o.id = v.release_id
      where o.applied_order > from_order and v.transaction_id in (select t.transaction_id from touched as t)
      union all
      -- The present is the version that no release has ended yet.
      select t.id, null, to_jsonb(t)
      from app_public.transactions as t
      where t.id in (select c.transaction_id from touched as c)
    ),
    before_versions as (
      select distinct on (v.transaction_id) v.transaction_id, v.image
      from versions as v
      order by v.transaction_id, v.applied_order nulls last
    ),
    after_versions as (
      select distinct on (v.transaction_id) v.transaction_id, v.image
      from versions as v
      where v.applied_order is null or v.applied_order > to_order
      order by v.transaction_id, v.applied_order nulls last
    ),
    pairs as (
      select
        t.transaction_id,
        case when bo.applied_order <= from_order then b.image end as before_image,
        case when ao.applied_order <= to_order then a.image end as after_image
      from touched as t
      left join before_versions as b using (transaction_id)
      left join orders as bo on bo.id = (b.image ->> 'added_release_id')::integer
      left join after_versions as a using (transaction_id)
      left join orders as ao on ao.id = (a.image ->> 'added_release_id')::integer
    )
  select p.transaction_id, p.before_image, p.after_image
  from pairs as p
  where (p.before_image is not null or p.after_image is not null)
    and (
      communes is null
      or p.before_image ->> 'insee_code' = any (communes)
      or p.before_image ->> 'parent_insee_code' = any (communes)
      or p.after_image ->> 'insee_code' = any (communes)
      or p.after_image ->> 'parent_insee_code' = any (communes)
    )
$$;

comment on function app_private.sale_images_between(integer, integer, text[]) is $$
The sales that the releases after `from_order` up to `to_order` touched, as they stood before and after these.

An image is null where the sale was not in the ledger. `communes` narrows it to sales that were or are in one of them.
$$;
