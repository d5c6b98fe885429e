-- requires: sql/functions/app_private/scope_cities.sql

create function app_private.find_absent_homes(session app_public.scrape_sessions)
returns integer
language plpgsql
volatile
set client_min_messages = warning
set search_path = pg_catalog, pg_temp
as $$
declare
  source app_public.sources;
  conditions text := app_private.scope_condition(session);
  absent_count integer;
begin
  select s.* into source from app_public.sources as s where s.id = session.source_id;
  drop table if exists pg_temp.session_absent;
  create temp table session_absent (
    property_id bigint, source_key text collate "C", old_status app_base.property_status,
    new_status app_base.property_status, insee_code text collate "C", property_type app_base.property_type,
    quality_score real, missed_count smallint
  ) on commit drop;
  if not session.is_complete then
    return 0;
  end if;
  execute format(
    'insert into pg_temp.session_absent
     select l.id, l.source_key, l.status,
       case
         when l.missed_count + 1 >= %2$s
           and coalesce(clock_timestamp() - l.missing_since, interval ''0'') >= %3$L
           then ''removed''
         when l.missed_count + 1 >= %4$s then ''likely_removed''
         else l.status
       end::app_base.property_status,
       l.insee_code, l.property_type, l.quality_score, (l.missed_count + 1)::smallint
     from app_public.properties_live as l
     where %5$s
       and not exists (
         select from (
           select (b.block_no::bigint << 10) + unnest(b.offsets) as property_id
           from app_private.property_sighting_blocks as b
           where b.session_no = %1$s
         ) as seen
         where seen.property_id = l.id
       )',
    session.session_no, source.removed_after, source.removal_grace, source.likely_removed_after, conditions
  );
  get diagnostics absent_count = row_count;
  return absent_count;
end
$$;

comment on function app_private.find_absent_homes(app_public.scrape_sessions) is $$
The live homes inside the scope of a complete session that it did not see, with the status their absence gives them,
in pg_temp.session_absent until the transaction ends; how many there are.

A session that is not complete misses nothing. A home is likely_removed after sources.likely_removed_after complete
sessions without it, removed after removed_after of them and removal_grace since the first. Sold homes stay sold,
except those of a register.
$$;
