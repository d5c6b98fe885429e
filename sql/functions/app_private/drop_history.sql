create function app_private.drop_history(before_month date)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  partition record;
  seal app_public.audit_seals;
  dropped integer := 0;
begin
  if before_month is null or before_month > (current_date - interval '1 month')::date then
    raise exception 'history before % cannot be let go', coalesce(before_month::text, 'null')
      using errcode = 'PC400', hint = 'Give a day at least a month ago; what happened since is kept.';
  end if;
  for partition in
    select n.nspname as schema_name, c.relname as name, p.relname as parent
    from pg_inherits as i
    join pg_class as c on c.oid = i.inhrelid
    join pg_namespace as n on n.oid = c.relnamespace
    join pg_class as p on p.oid = i.inhparent
    where i.inhparent in (
        'app_public.property_changes'::regclass, 'app_private.property_versions'::regclass,
        'app_private.property_sighting_blocks'::regclass
      )
      and c.relname ~ '_\d{4}_\d{2}$'
      and to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' <= before_month
    order by c.relname
  loop
    if partition.parent <> 'property_sighting_blocks' then
      seal.partition_name := partition.name;
      execute format(
        'select coalesce(range_agg(int8range(c.batch_id, c.batch_id, ''[]'')), ''{}''), coalesce(sum(c.entry_count), 0)
         from (select e.batch_id, count(*) as entry_count from %I.%I as e group by e.batch_id) as c',
        partition.schema_name, partition.name
      ) into seal.batch_ids, seal.change_count;
      seal.closing_link := (
        select b.link from app_public.change_batches as b
        where seal.batch_ids @> b.id
        order by b.chain_no desc
        limit 1
      );
      insert into app_public.audit_seals (partition_name, batch_ids, change_count, closing_link)
      values (seal.partition_name, seal.batch_ids, seal.change_count, seal.closing_link);
      perform app_private.record_admin_action('drop_history', seal.partition_name, jsonb_build_object(
        'batch_ids', seal.batch_ids::text, 'change_count', seal.change_count,
        'closing_link', encode(seal.closing_link, 'hex')
      ));
    end if;
    execute format('drop table %I.%I', partition.schema_name, partition.name);
    dropped := dropped + 1;
  end loop;
  return dropped;
end
$$;

comment on function app_private.drop_history(date) is $$
Lets whole months go that ended before a day: their changes, versions and sightings; how many partitions.

Each leaves a seal in audit_seals and an operator's action in the chain, so that `verify_audit` goes on to hold. Sessions
of those months can no longer be undone, and past instants before them no longer be asked for.

    select app_private.drop_history('2024-01-01');  -- 3

PC400: the day is less than a month ago.
$$;
