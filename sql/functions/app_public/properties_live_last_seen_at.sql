-- Security definer: sightings are private; whoever may read the home may know when it was seen.

create function app_public.properties_live_last_seen_at(property app_public.properties_live)
returns timestamptz
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
  select s.applied_at
  from app_private.property_sighting_blocks as b
  join app_public.scrape_sessions as s on s.session_no = b.session_no
  where b.block_no = (property.id >> 10)::integer
    and (property.id & 1023)::smallint = any (b.offsets)
    and s.status = 'completed'
  order by b.session_no desc
  limit 1
$$;

comment on function app_public.properties_live_last_seen_at(app_public.properties_live) is $$
When the source last showed the home: the instant of the last completed session that saw it.

    select source_key, properties_live_last_seen_at(l) from properties_live as l limit 1;
$$;

grant execute on function app_public.properties_live_last_seen_at(app_public.properties_live) to app_analyst;
