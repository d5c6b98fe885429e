-- requires: sql/functions/app_private/session_rows_filter.sql

create function app_private.match_session(session app_public.scrape_sessions)
returns table (
  staged_count integer, unkeyed_count integer, duplicate_count integer, seen_count integer, unchanged_count integer
)
language plpgsql
volatile
-- A million matches cost little to pass on, and reading both sides is the work: both cores may do it.
set parallel_tuple_cost = 0.001
set client_min_messages = warning
set search_path = pg_catalog, pg_temp
as $$
declare
  rows_of_session text;
  keyed_count integer;
  changed_count integer;
begin
  drop table if exists pg_temp.session_rows, pg_temp.session_matches, pg_temp.session_todo;
  -- A large session has a partition of its own, read without conditions that the planner could not estimate. A small
  -- one is copied and counted: the planner then looks its keys up instead of reading all live homes.
  if session.staging_bucket < 0 then
    select s.tableoid::regclass::text into rows_of_session
    from app_public.property_scrapes_staging as s
    where s.bucket = session.staging_bucket
    limit 1;
  end if;
  if rows_of_session is null then
    execute 'create temp table session_rows on commit drop as
      select s.id, s.source_key, s.raw_fingerprint from app_public.property_scrapes_staging as s where '
      || app_private.session_rows_filter(session);
    analyze pg_temp.session_rows;
    rows_of_session := 'pg_temp.session_rows';
  end if;
  -- The key stands only where there is something to do: most homes are as they were.
  execute format(
    'create temp table session_matches on commit drop as
     select r.id as staged_id, l.id as property_id,
       case when l.raw_fingerprint = r.raw_fingerprint then null else r.source_key end as source_key
     from %s as r
     left join app_public.properties_live as l on l.source_id = %s and l.source_key = r.source_key',
    rows_of_session, session.source_id
  );
  select count(*), count(*) filter (where m.property_id is null and m.source_key is null), count(m.source_key)
  into staged_count, unkeyed_count, keyed_count
  from pg_temp.session_matches as m;
  -- The last row that speaks of a home is what the session says of it.
  create temp table session_todo on commit drop as
  select max(m.staged_id) as staged_id, max(m.property_id) as property_id
  from pg_temp.session_matches as m
  where m.source_key is not null
  group by m.source_key;

  insert into app_private.property_sighting_blocks (source_id, session_no, block_no, offsets, seen_at)
  select session.source_id, session.session_no, (m.property_id >> 10)::integer,
    array_agg(distinct (m.property_id & 1023)::smallint), clock_timestamp()
  from pg_temp.session_matches as m
  where m.property_id is not null
  group by (m.property_id >> 10)::integer;
  select coalesce(sum(cardinality(b.offsets)), 0) into seen_count
  from app_private.property_sighting_blocks as b
  where b.session_no = session.session_no;

  select count(t.property_id) into changed_count from pg_temp.session_todo as t;
  if staged_count - unkeyed_count - keyed_count + changed_count > seen_count then
    -- Shown twice, once as it was: what came last holds.
    delete from pg_temp.session_todo as t
    using pg_temp.session_matches as m
    where m.source_key is null and m.property_id = t.property_id and m.staged_id > t.staged_id;
  end if;
  select
    seen_count - count(t.property_id),
    staged_count - unkeyed_count - seen_count - count(*) filter (where t.property_id is null)
  into unchanged_count, duplicate_count
  from pg_temp.session_todo as t;
  analyze pg_temp.session_todo;
  drop table pg_temp.session_matches;
  return next;
end
$$;

comment on function app_private.match_session(app_public.scrape_sessions) is $$
Finds the live home of each row a session staged, by source and key.

Homes it saw become sightings, which count once the session is completed. What is new, or was written otherwise than
the last accepted row of its key, stands in pg_temp.session_todo (staged_id, property_id; property_id null for a new
home) until the transaction ends: one row for each key, the last one staged. Gives the rows staged, rows without a
key, rows that repeat a key, homes seen, homes seen as they were.
$$;
