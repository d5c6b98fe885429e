create function app_private.transaction_image(transaction_id bigint)
returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select to_jsonb(t) - 'location' || jsonb_build_object('dispositions', (
    select jsonb_agg(to_jsonb(d) order by d.ordinal)
    from app_public.transaction_dispositions as d
    where d.transaction_id = t.id))
  from app_public.transactions as t
  where t.id = transaction_image.transaction_id
$$;

comment on function app_private.transaction_image(bigint) is $$
A sale as it stands, as jsonb: its row with its dispositions as an array. What undo restores.
$$;
