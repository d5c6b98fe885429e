-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.heartbeat_session(
  session_id uuid, page_count integer default null, item_count integer default null, error jsonb default null
)
returns app_public.scrape_sessions
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  filled app_public.scrape_sessions := app_private.fillable_session(heartbeat_session.session_id);
begin
  update app_public.scrape_sessions as s
  set
    page_count = coalesce(heartbeat_session.page_count, s.page_count),
    item_count = coalesce(heartbeat_session.item_count, s.item_count),
    errors = case when heartbeat_session.error is null then s.errors
      else s.errors || jsonb_build_array(heartbeat_session.error) end,
    heartbeat_at = clock_timestamp()
  where s.id = filled.id
  returning s.* into filled;
  return filled;
end
$$;

comment on function app_public.heartbeat_session(uuid, integer, integer, jsonb) is $$
Says that a session is still being filled: how many pages and items it has seen so far, and an error on the way.

A session that is not heard of for a day is given up by cleanup_old_data.

    select heartbeat_session('8a1f…', 12, 600, '{"reason": "timeout", "page": 13}');

PC404: no such session. PC409: it is not being filled.
$$;

grant execute on function app_public.heartbeat_session(uuid, integer, integer, jsonb) to app_analyst;
