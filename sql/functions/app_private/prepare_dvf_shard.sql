-- A table truncated in the transaction that fills it needs no write-ahead log of its rows where the
-- server's wal_level is minimal: it is synced at commit instead, and as safe.

create function app_private.prepare_dvf_shard(release integer, shard_no integer)
returns text
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  leaf text := format('app_private.%I', format('dvf_lines_%s_%s', release, shard_no));
begin
  execute format('truncate %s, app_private.%I, app_private.%I', leaf,
    format('dvf_candidates_%s_%s', release, shard_no),
    format('dvf_candidate_dispositions_%s_%s', release, shard_no));
  return leaf;
end
$$;

comment on function app_private.prepare_dvf_shard(integer, integer) is $$
Empties a shard of a loading release and names the table to copy its lines into. Call it, copy, and call
app_private.finish_dvf_shard in one transaction.
$$;
