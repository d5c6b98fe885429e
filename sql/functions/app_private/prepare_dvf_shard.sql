-- A table truncated in the transaction that fills it needs no write-ahead log of its rows where the
-- server's wal_level is minimal: it is synced at commit instead, and as safe. Candidates are left alone: they are
-- unlogged, and an unlogged file made by a transaction that a crash breaks off can keep the server from starting
-- (its abort takes the init fork away but is not in the log, so recovery makes it again beside the old main fork).

create function app_private.prepare_dvf_shard(release integer, shard_no integer)
returns text
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  leaf text := format('app_private.%I', format('dvf_lines_%s_%s', release, shard_no));
begin
  execute format('truncate %s', leaf);
  return leaf;
end
$$;

comment on function app_private.prepare_dvf_shard(integer, integer) is $$
Empties a shard of a loading release and names the table to copy its lines into. Call it, copy, and call
app_private.finish_dvf_shard in one transaction.
$$;
