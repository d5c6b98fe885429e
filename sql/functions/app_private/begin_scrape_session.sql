create function app_private.begin_scrape_session(run integer, params jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  session app_public.scrape_sessions := app_private.begin_scrape(params ->> 'source', params - 'source');
begin
  return jsonb_build_object('sessionId', session.id, 'session_no', session.session_no);
end
$$;

comment on function app_private.begin_scrape_session(integer, jsonb) is $$
Stage: begins the session of a scrape of `source`, with the other parameters of begin_scrape.

PC400, PC404, PC409, PC422: as begin_scrape.
$$;
