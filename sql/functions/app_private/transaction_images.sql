create function app_private.transaction_images(ids bigint[])
returns table (transaction_id bigint, image jsonb)
language sql
stable
rows 10000
set search_path = pg_catalog, pg_temp
as $$
  with
    asked as (
      select distinct i.id from unnest(ids) as i (id)
    ),
    listed as (
      select d.transaction_id, jsonb_agg(to_jsonb(d) order by d.ordinal) as dispositions
      from asked as a
      join app_public.transaction_dispositions as d on d.transaction_id = a.id
      group by d.transaction_id
    )
  select t.id, to_jsonb(t) - 'location' || jsonb_build_object('dispositions', l.dispositions)
  from asked as a
  join app_public.transactions as t on t.id = a.id
  left join listed as l on l.transaction_id = t.id
$$;

comment on function app_private.transaction_images(bigint[]) is $$
Sales as they stand, each as jsonb: its row with its dispositions as an array. What undo restores.
$$;
