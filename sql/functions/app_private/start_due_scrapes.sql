-- requires: sql/functions/app_private/begin_scrape.sql

create function app_private.start_due_scrapes(wanted app_base.scrape_tier)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  due record;
  answer integer := 0;
begin
  -- A loop: each of them begins a session of its own and goes into the queue.
  for due in
    select s.code, c.insee_code
    from app_public.sources as s
    left join lateral jsonb_array_elements_text(
      case when jsonb_typeof(s.config -> 'insee_codes') = 'array' then s.config -> 'insee_codes' else '[null]' end
    ) as c (insee_code) on true
    where s.is_enabled and s.paused_at is null and s.base_url is not null
      and s.kind in ('portal', 'feed', 'sitemap', 'explorer')
      -- What kind of look a source allows: a feed and a map are always read whole.
      and case
        when jsonb_typeof(s.config -> 'tiers') = 'array' then s.config -> 'tiers' ? wanted::text
        when s.kind in ('portal', 'sitemap') then wanted <> 'full'
        when s.kind = 'feed' then wanted = 'changes'
        else wanted = 'manifest' and jsonb_typeof(s.config -> 'insee_codes') = 'array'
      end
      and not exists (
        select from app_public.scrape_sessions as n
        where n.source_id = s.id and n.status = 'queued' and n.finished_at is null
          and n.parameters ->> 'insee_code' is not distinct from c.insee_code
          and n.heartbeat_at > now() - interval '1 hour'
      )
    order by s.code, c.insee_code
  loop
    perform app_private.enqueue_scrape(
      (app_private.begin_scrape(due.code, jsonb_strip_nulls(jsonb_build_object(
        'insee_code', due.insee_code,
        'name', wanted::text,
        'tier', case
          when (select s.kind from app_public.sources as s where s.code = due.code) in ('feed', 'explorer') then 'full'
          else wanted::text
        end
      )))).id
    );
    answer := answer + 1;
  end loop;
  return answer;
end
$$;

comment on function app_private.start_due_scrapes(app_base.scrape_tier) is $$
Starts the scrapes of a tier for every source that is enabled, has an address and is not being scraped just now; how
many.

The source's config may list `insee_codes`, of which each is a scrape of its own, and the `tiers` it takes part in.
Unless it does, portals and sitemaps take part in all but full, feeds are read whole once a day (changes), and explorers
whole once a week (manifest) for the communes listed.

    select app_private.start_due_scrapes('first_pages');  -- 3
$$;
