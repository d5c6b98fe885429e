create function app_private.missing_ordinals(batch bigint, change_count integer)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(': numbers ' || string_agg(m.ordinal::text, ', ' order by m.ordinal), '')
  from (
    select n.ordinal
    from generate_series(1, change_count) as n (ordinal)
    where not exists (
      select from app_public.property_changes as c where c.batch_id = batch and c.ordinal = n.ordinal
    )
    order by n.ordinal
    limit 10
  ) as m
$$;

comment on function app_private.missing_ordinals(bigint, integer) is $$
The numbers of the first ten changes that a batch lacks, as words that end a sentence.
$$;
