create function app_private.list_unplaced_homes(run integer)
returns setof app_private.stage_item
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select min(h.id) || '–' || max(h.id), jsonb_build_object('from_id', min(h.id), 'to_id', max(h.id)), null::integer
  from (
    select l.id, (row_number() over (order by l.id) - 1) / 500 as batch_no
    from app_public.properties_live as l
    where l.insee_code is null and (l.city_name is not null or l.postal_code is not null)
  ) as h
  group by h.batch_no
  order by h.batch_no
$$;

comment on function app_private.list_unplaced_homes(integer) is $$
Homes whose commune is not known although they name a city or a postal code, 500 to an item.
$$;
