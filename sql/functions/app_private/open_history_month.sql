-- Made aside and attached, so that readers of the table are not waited for, except those of the default partition.

create function app_private.open_history_month(parent regclass, month date)
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  schema_name text := (
    select n.nspname from pg_class as c join pg_namespace as n on n.oid = c.relnamespace where c.oid = parent
  );
  base_name text := (select c.relname from pg_class as c where c.oid = parent);
  partition_name text := format('%s_%s', base_name, to_char(month, 'YYYY_MM'));
  key_column text := (
    select a.attname
    from pg_partitioned_table as p
    join pg_attribute as a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
    where p.partrelid = parent
  );
  from_at timestamptz := month::timestamp at time zone 'UTC';
  to_at timestamptz := (month + interval '1 month') at time zone 'UTC';
  is_taken boolean;
begin
  if to_regclass(format('%I.%I', schema_name, partition_name)) is not null then
    return false;
  end if;
  execute format('select exists (select from %1$I.%2$I where %3$I >= %4$L and %3$I < %5$L)',
    schema_name, base_name || '_default', key_column, from_at, to_at) into is_taken;
  if is_taken then
    return false;
  end if;
  execute format('create table %1$I.%2$I (like %1$I.%3$I including defaults including constraints including indexes)',
    schema_name, partition_name, base_name);
  execute format('alter table %I.%I enable row level security', schema_name, partition_name);
  execute format('alter table %1$I.%3$I attach partition %1$I.%2$I for values from (%4$L) to (%5$L)',
    schema_name, partition_name, base_name, from_at, to_at);
  return true;
end
$$;

comment on function app_private.open_history_month(regclass, date) is $$
Makes the partition of a month (its first day, UTC) of a table that is divided by instants; whether it did.

A month of which the default partition holds rows already stays there.
$$;
