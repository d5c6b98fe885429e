-- requires: sql/functions/app_private/collect_dvf_units.sql
-- requires: sql/functions/app_private/join_dvf_units.sql
-- requires: sql/functions/app_private/join_dvf_dispositions.sql
-- requires: sql/functions/app_private/join_dvf_candidates.sql

create function app_private.group_dvf_shard(release integer, shard_no integer)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  repeated_count integer;
begin
  repeated_count := app_private.collect_dvf_units(release, shard_no::smallint);
  perform app_private.join_dvf_units(release, shard_no::smallint);
  perform app_private.join_dvf_dispositions();
  perform app_private.join_dvf_candidates(release, shard_no::smallint);
  drop table pg_temp.dvf_repeat, pg_temp.dvf_brief, pg_temp.dvf_open, pg_temp.dvf_unit, pg_temp.dvf_join, pg_temp.dvf_place, pg_temp.dvf_node,
    pg_temp.dvf_member, pg_temp.dvf_edge, pg_temp.dvf_alone, pg_temp.dvf_joined, pg_temp.dvf_disposition;
  return repeated_count;
end
$$;

comment on function app_private.group_dvf_shard(integer, integer) is $$
Groups the lines of one shard of a release (a shard holds whole départements) into candidate mutations.

Called once by the connection that loaded the shard, in the same transaction, so that both shards are
grouped side by side. Answers how many lines were left out because another file of the same release
brought them already. The rule is told in full in sql/README.md.
$$;
