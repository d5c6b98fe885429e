create function app_public.list_sessions("limit" integer default 20, source text default null)
returns setof app_public.session_summary
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
  if list_sessions."limit" < 1 then
    raise exception 'expected a limit of at least 1, got %', list_sessions."limit"
      using errcode = 'PC400', hint = 'Leave it out for the last 20 sessions.';
  end if;
  if list_sessions.source is not null
    and not exists (select from app_public.sources as r where r.code = list_sessions.source) then
    raise exception 'source % does not exist', list_sessions.source
      using errcode = 'PC404', hint = 'List the sources with: parcelle sources list';
  end if;
  return query
  select
    s.id, r.code, s.name, s.status, s.is_complete, coalesce(s.staged_count, s.item_count), s.unkeyed_count,
    case when s.applied_at is not null then m.new_count end,
    case when s.applied_at is not null then m.updated_count end,
    case when s.applied_at is not null then m.removed_count end,
    case when s.applied_at is not null then m.quarantined_count end,
    m.quality_score, s.queued_at, s.finished_at, s.applied_at
  from app_public.scrape_sessions as s
  join app_public.sources as r on r.id = s.source_id
  left join app_public.sync_metadata as m on m.session_id = s.id
  where list_sessions.source is null or r.code = list_sessions.source
  order by s.session_no desc
  limit list_sessions."limit";
end
$$;

comment on function app_public.list_sessions(integer, text) is $$
The last sessions, the newest first; of one source when its code is given.

    select session_id, source, status, staged_count from list_sessions(5);

PC404: no such source. PC400: the limit is below 1.
$$;

grant execute on function app_public.list_sessions(integer, text) to app_analyst;
