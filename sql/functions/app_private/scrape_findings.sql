create function app_private.scrape_findings(session app_public.scrape_sessions, stopped jsonb)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  answer jsonb;
  announced integer;
  home_count integer;
begin
  select coalesce(jsonb_agg(f.finding order by f.finding ->> 'reason'), '[]') into answer
  from (
    select jsonb_build_object('reason', coalesce(i.error ->> 'reason', 'failed'), 'count', count(*),
      'samples', jsonb_path_query_array(
        jsonb_agg(jsonb_build_object('item', i.item_key, 'detail', i.error ->> 'detail') order by i.id), '$[0 to 4]'
      )) || case when bool_or(i.status = 'failed')
        then jsonb_build_object('failed_count', count(*) filter (where i.status = 'failed')) else '{}'
      end as finding
    from app_public.scrape_items as i
    where i.session_id = session.id and (
      i.status = 'failed'
      or i.status = 'skipped' and i.error is not null
      or i.status = 'done' and i.error ->> 'reason' = 'repeated_page'
    )
    group by coalesce(i.error ->> 'reason', 'failed')
    union all
    select jsonb_build_object('reason', 'capped', 'count', count(*), 'samples',
      jsonb_path_query_array(jsonb_agg(i.item_key order by i.id), '$[0 to 4]'))
    from app_public.scrape_items as i
    where i.session_id = session.id and i.coverage = 'capped'
    having count(*) > 0
  ) as f;
  if stopped is not null and not answer @> jsonb_build_array(jsonb_build_object('reason', stopped -> 'reason')) then
    answer := answer || stopped;
  end if;
  -- A source may count differently from page to page: the most it said is what has to be there.
  select sum(c.announced_count) into announced
  from (
    select max(i.announced_count) as announced_count
    from app_public.scrape_items as i
    where i.session_id = session.id and i.announced_count is not null
    group by i.params -> 'chain'
  ) as c;
  if announced is not null and stopped is null and session.parameters ->> 'tier' in ('full', 'manifest') then
    select count(*) into home_count
    from app_public.scrape_items as i
    where i.session_id = session.id and i.kind = 'home';
    if home_count < announced then
      answer := answer || jsonb_build_object('reason', 'fewer_than_announced', 'count', home_count, 'announced', announced);
    end if;
  end if;
  return answer;
end
$$;

comment on function app_private.scrape_findings(app_public.scrape_sessions, jsonb) is $$
What keeps a scrape from being complete: a list of objects with reason, count, how many of these are items that failed for
good (failed_count, where there are any) and some items. Reasons are those of its items (robots, layout, unavailable …),
repeated_page, capped, fewer_than_announced, and why it was stopped.
$$;
