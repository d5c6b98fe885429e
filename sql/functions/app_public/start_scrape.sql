-- requires: sql/functions/app_private/begin_scrape.sql
-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.start_scrape(source text, parameters jsonb default '{}')
returns app_public.scrape_sessions
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  answer app_public.scrape_sessions;
begin
  perform app_private.check_scrape_wish(start_scrape.source, start_scrape.parameters);
  answer := app_private.begin_scrape(start_scrape.source, coalesce(start_scrape.parameters, '{}'));
  perform app_private.enqueue_scrape(answer.id);
  perform app_private.record_admin_action('start_scrape', answer.id::text,
    jsonb_build_object('source', start_scrape.source, 'parameters', answer.parameters));
  return answer;
end
$$;

comment on function app_public.start_scrape(text, jsonb) is $$
Begins a session and has a worker scrape its source into it, then sync it.

`parameters`: `city` with `postal_code`, or `insee_code`; or `url`, a page of the source to begin with; `types` (house,
flat …), `from` and `to` (months such as 06/2024), `max_pages` (requests at most), `name`, `sync` (true unless said) and
`tier`: full, first_pages, changes, manifest or sample. What is left out is all.

    select id from start_scrape('my-portal', '{"city": "Nantes", "types": ["house"]}');

PC404: no such source or commune. PC409: the source is disabled or paused. PC400: a parameter is wrong. PC422: sources
of its kind are not scraped, or it has no address. PC403: a file, or a page of another host than a local source's, is
asked for.
$$;

grant execute on function app_public.start_scrape(text, jsonb) to app_analyst;
