-- requires: sql/functions/app_private/read_scrape_parameters.sql

create function app_private.begin_scrape(source text, parameters jsonb default '{}')
returns app_public.scrape_sessions
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  usable app_public.sources := app_private.usable_source(begin_scrape.source);
  asked jsonb := app_private.read_scrape_parameters(begin_scrape.parameters);
  answer app_public.scrape_sessions;
begin
  if usable.kind not in ('explorer', 'portal', 'feed', 'sitemap') then
    raise exception 'source % is of kind %, which is not scraped', usable.code, usable.kind
      using errcode = 'PC422', hint = 'Stage its files with: parcelle stage FILE --source ' || usable.code;
  end if;
  if usable.base_url is null and not asked ? 'file' and not asked ? 'url' then
    raise exception 'source % has no address', usable.code
      using errcode = 'PC422', hint = 'Give a file (--file), or a source that was added with --url.';
  end if;
  -- A task that is tried again goes on with the session that it began, unless that can no longer come to anything.
  if asked ? 'task_id' then
    select s.* into answer
    from app_public.scrape_sessions as s
    where s.source_id = usable.id and s.parameters -> 'task_id' = asked -> 'task_id'
      and s.status not in ('failed', 'cancelled')
    order by s.session_no desc
    limit 1;
    if found then
      return answer;
    end if;
  end if;
  answer := app_public.begin_session(
    usable.code,
    asked ->> 'name',
    coalesce(asked ->> 'file', asked ->> 'url', usable.base_url),
    case when asked ? 'insee_code' then array[asked ->> 'insee_code'] end,
    case when asked ? 'types' then array(select jsonb_array_elements_text(asked -> 'types')) end,
    to_date(asked ->> 'from', 'YYYY-MM'),
    (to_date(asked ->> 'to', 'YYYY-MM') + interval '1 month' - interval '1 day')::date,
    false,
    null,
    asked
  );
  insert into app_private.scrape_leases (session_id) values (answer.id);
  return answer;
end
$$;

comment on function app_private.begin_scrape(text, jsonb) is $$
Begins the session of a scrape; whoever claims it (claim_scrape) fills it. See start_scrape for the parameters; `file`
names a file to be read in place of the source's address.

    select id from app_private.begin_scrape('my-portal', '{"city": "Nantes", "tier": "changes"}');

PC400, PC404, PC409: as start_scrape. PC422: the source is not scraped, or has no address.
$$;
