-- requires: sql/functions/app_private/group_dvf_shard.sql

create function app_private.finish_dvf_shard(release integer, shard_no integer)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  execute format('create index on app_private.%I (sold_on, disposition_no, price_cents)',
    format('dvf_lines_%s_%s', release, shard_no));
  return app_private.group_dvf_shard(release, shard_no);
end
$$;

comment on function app_private.finish_dvf_shard(integer, integer) is $$
Indexes and groups the lines just copied into a shard; answers how many of them another file of the release
brought already. See app_private.group_dvf_shard.
$$;
