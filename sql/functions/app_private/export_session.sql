create function app_private.export_session(session uuid, after bigint, wanted integer)
returns setof app_private.exported_home
language plpgsql
volatile
set enable_nestloop = off
set search_path = pg_catalog, pg_temp
as $$
declare
  filled app_public.scrape_sessions;
begin
  select s.* into filled from app_public.scrape_sessions as s where s.id = session;
  if not found then
    raise exception 'session % does not exist', session
      using errcode = 'PC404', hint = 'List the sessions with: parcelle list-sessions';
  end if;
  if not exists (select from app_public.sync_metadata as m where m.session_id = session) then
    perform app_private.prepare_session(app_private.syncable_session(session));
  end if;
  return query execute format(
    'with
       page as materialized (
         select s.id, s.source_key
         from app_public.property_scrapes_staging as s
         where %1$s and s.source_key is not null and s.id > $1
         order by s.id
         limit $2
       ),
       normal as materialized (
         select s.* from app_public.staged_properties as s
         where %1$s and s.staged_id = any ((select array_agg(p.id) from page as p)::bigint[])
       ),
       -- What is as it was has no normal form of its own.
       live as materialized (
         select l.* from app_public.properties_live as l
         where l.source_id = $3 and l.source_key = any ((select array_agg(p.source_key) from page as p)::text[])
       )
     select
       s.id, s.source_key::text,
       coalesce(n.address, l.address), coalesce(n.city_name, l.city_name),
       trim_scale(coalesce(n.price_eur, l.price_eur)), trim_scale(coalesce(n.surface_m2, l.surface_m2)),
       coalesce(n.room_count, l.room_count)::integer, coalesce(n.sold_on, l.sold_on),
       coalesce(n.property_type, l.property_type), coalesce(n.property_url, l.property_url),
       coalesce(n.postal_code, l.postal_code)::text, coalesce(n.insee_code, l.insee_code)::text,
       coalesce(n.longitude, l.longitude), coalesce(n.latitude, l.latitude)
     from page as s
     left join normal as n on n.staged_id = s.id
     left join live as l on n.staged_id is null and l.source_key = s.source_key
     order by s.id',
    app_private.session_rows_filter(filled)
  ) using after, wanted, filled.source_id;
end
$$;

comment on function app_private.export_session(uuid, bigint, integer) is $$
The homes a session staged, in their normal form: `wanted` of them, after the row `after`. A session that has not been
synced is normalised first; rows without a key are no homes and left out.

    select address, price from app_private.export_session('8a1f…', 0, 1000);

PC404: there is no such session. PC409: it is still being filled.
$$;
