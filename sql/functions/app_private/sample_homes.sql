create function app_private.sample_homes(session uuid, wanted integer)
returns table (source_key text, property_url text)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  filled app_public.scrape_sessions;
begin
  select s.* into filled from app_public.scrape_sessions as s where s.id = session;
  return query execute format(
    'select l.source_key::text, l.property_url
     from app_public.properties_live as l
     where %s and l.property_url is not null
     order by random()
     limit $1',
    app_private.scope_condition(filled)
  ) using wanted;
end
$$;

comment on function app_private.sample_homes(uuid, integer) is $$
Some of the live homes in a session's scope, drawn at random, with their pages: to be read again.
$$;
