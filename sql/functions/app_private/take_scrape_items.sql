create function app_private.take_scrape_items(session uuid, token bigint, wanted integer)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  taken jsonb;
  wait_seconds double precision;
begin
  perform app_private.held_lease(session, token);
  with
    due as (
      select i.id
      from app_public.scrape_items as i
      where i.session_id = session and i.status = 'waiting' and (i.retry_at is null or i.retry_at <= clock_timestamp())
      order by i.priority, i.id
      limit wanted
    ),
    begun as (
      update app_public.scrape_items as i
      set status = 'running', attempt_count = i.attempt_count + 1
      from due as d
      where i.id = d.id
      returning i.id, i.item_key, i.kind, i.params, i.priority, i.attempt_count, i.request_count
    )
  select jsonb_agg(
    jsonb_build_object('id', b.id, 'key', b.item_key, 'kind', b.kind, 'params', b.params, 'priority', b.priority,
      'attempt', b.attempt_count)
    order by b.priority, b.id
  ) into taken
  from begun as b;
  if taken is null then
    select extract(epoch from min(coalesce(i.retry_at, clock_timestamp())) - clock_timestamp()) into wait_seconds
    from app_public.scrape_items as i
    where i.session_id = session and i.status = 'waiting';
  end if;
  return jsonb_build_object(
    'items', coalesce(taken, '[]'),
    'wait_seconds', case when wait_seconds is not null then greatest(wait_seconds, 0) end
  );
end
$$;

comment on function app_private.take_scrape_items(uuid, bigint, integer) is $$
Hands out items that wait, the most urgent first: `items`; when there are none that may be tried now, `wait_seconds`
says how long to wait for the next one, and is null when none waits at all.

PC409: the token is an old one.
$$;
