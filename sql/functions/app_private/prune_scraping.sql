create function app_private.prune_scraping(before timestamptz)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  item_count integer;
  response_count integer;
begin
  delete from app_public.scrape_items as i
  using app_public.scrape_sessions as s
  where s.id = i.session_id and s.status not in ('queued', 'running', 'held')
    and coalesce(s.applied_at, s.decided_at, s.finished_at, s.queued_at) < before;
  get diagnostics item_count = row_count;
  delete from app_private.http_responses as r where r.kept_at < now();
  get diagnostics response_count = row_count;
  return jsonb_build_object('items_deleted', item_count, 'responses_deleted', response_count);
end
$$;

comment on function app_private.prune_scraping(timestamptz) is $$
Takes away the items of sessions decided before an instant, and answers that are no longer kept; how many of each.
$$;
