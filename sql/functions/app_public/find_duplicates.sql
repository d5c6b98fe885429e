-- requires: sql/functions/app_private/homes_at_one_address.sql
-- requires: sql/functions/app_private/repeated_keys.sql
-- security definer: reads staged rows and live homes, which app_analyst may read; the steps it takes are private.

create function app_public.find_duplicates(session_id uuid default null, source text default null)
returns setof app_public.duplicate_candidate
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  session app_public.scrape_sessions;
  asked smallint;
begin
  if find_duplicates.session_id is not null then
    select s.* into session from app_public.scrape_sessions as s where s.id = find_duplicates.session_id;
    if not found then
      raise exception 'there is no session %', find_duplicates.session_id
        using errcode = 'PC404', hint = 'List the sessions with list_sessions().';
    end if;
    return query select * from app_private.repeated_keys(session);
    return query select * from app_private.homes_at_one_address(session.source_id, session);
    return;
  end if;
  if find_duplicates.source is not null then
    select o.id into asked from app_public.sources as o where o.code = find_duplicates.source;
    if not found then
      raise exception 'there is no source %', find_duplicates.source
        using errcode = 'PC404', hint = 'The sources are in app_public.sources.';
    end if;
  end if;
  return query
  select d.*
  from app_public.sources as o
  cross join lateral app_private.homes_at_one_address(o.id, null) as d
  where o.kind <> 'register' and (asked is null or o.id = asked);
end
$$;

comment on function app_public.find_duplicates(uuid, text) is $$
What may be one home reported twice, with the evidence; nothing is merged.

- with a session: keys that stand on several of its rows, and homes it brought that share commune, number, street, type
  and surface (± 2 %) with another home of the source; price (± 5 %) and rooms add to the confidence.
- without: the same among the live homes on the market, of one source or of all of them (registers left out).

    select kind, confidence, source_keys, evidence from find_duplicates(source => 'csv');

PC404: there is no such session or source.
$$;

grant execute on function app_public.find_duplicates(uuid, text) to app_analyst;
