-- requires: sql/functions/app_private/open_staging_partition.sql
-- Security definer: operating is granted by execute alone. Until there are API keys, whoever reaches the server on a
-- loopback address is its operator.

create function app_public.begin_session(
  source text,
  name text default null,
  target text default null,
  insee_codes text[] default null,
  property_types text[] default null,
  "from" date default null,
  "to" date default null,
  is_complete boolean default false,
  expected_rows integer default null,
  parameters jsonb default '{}'
)
returns app_public.scrape_sessions
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  answer app_public.scrape_sessions;
  usable app_public.sources := app_private.usable_source(begin_session.source);
begin
  if jsonb_typeof(coalesce(begin_session.parameters, '{}')) <> 'object' then
    raise exception 'expected parameters as an object, got %', jsonb_typeof(begin_session.parameters)
      using errcode = 'PC400', hint = 'Give an object such as {"page_size": 50}.';
  end if;
  if begin_session."from" > begin_session."to" then
    raise exception 'the window of dates ends % before it begins %', begin_session."to", begin_session."from"
      using errcode = 'PC400', hint = 'Give the earlier day as "from".';
  end if;

  insert into app_public.scrape_sessions (
    source_id, name, target, parameters, scope_insee_codes, scope_property_types, scope_from, scope_to, is_complete,
    started_at, heartbeat_at
  )
  values (
    usable.id, begin_session.name, begin_session.target, coalesce(begin_session.parameters, '{}'),
    app_private.read_scope_cities(begin_session.insee_codes),
    app_private.read_scope_types(begin_session.property_types),
    begin_session."from", begin_session."to", coalesce(begin_session.is_complete, false),
    clock_timestamp(), clock_timestamp()
  )
  returning * into answer;

  -- The rows of one session lie in one partition, so that its sync reads no other.
  update app_public.scrape_sessions as s
  set staging_bucket = case
    when begin_session.expected_rows >= 50000 then -answer.session_no
    else current_date - date '2000-01-01'
  end
  where s.id = answer.id
  returning s.* into answer;
  -- A large session's own partition is made with its first rows, aside where they come in one transaction.
  if answer.staging_bucket >= 0 then
    perform app_private.open_staging_partition(answer.staging_bucket);
    perform app_private.open_history();
  end if;
  return answer;
end
$$;

comment on function app_public.begin_session(
  text, text, text, text[], text[], date, date, boolean, integer, jsonb) is $$
Begins a session of a source: rows are staged into it with stage_properties until finish_session.

The scope is what it sets out to see: communes (INSEE codes), types (house, flat, land, commercial, annex, mixed,
unspecified) and days of listing or sale; what is left out is all. `is_complete` declares that it will see all of it,
and only then is a home that it does not see missing. From 50 000 `expected_rows` on it gets a partition of its own.

    select id from begin_session('csv', 'June', insee_codes => '{44109}', is_complete => true);

PC404: no such source or commune. PC409: the source is disabled or paused. PC400: a type, window or parameter is wrong.
$$;

grant execute on function app_public.begin_session(
  text, text, text, text[], text[], date, date, boolean, integer, jsonb) to app_analyst;
