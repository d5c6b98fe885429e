-- requires: sql/functions/app_private/legacy_rows.sql
-- requires: sql/functions/app_private/reads_pulled.sql
-- Security definer: the older table belongs to whoever made it; only app_analyst, who sees every live home, may call this.
-- The table need not exist when this is deployed, so it is read by a statement made at run time.

create function app_private.pulled_homes(is_asked boolean)
returns setof app_public.current_property
language plpgsql
stable
security definer
rows 100000
set search_path = pg_catalog, pg_temp
as $$
begin
  if not is_asked then
    return;
  end if;
  return query
  select
    null::bigint, 'legacy', r.source_key, r.property_url, coalesce(app_private.read_status(r.status), 'active'),
    r.title, r.address, app_private.read_postal_code(r.postal_code), r.city, r.insee_code,
    coalesce(app_private.read_property_type(r.property_type), 'unspecified'),
    app_private.read_price(r.price), app_private.read_surface(r.surface), app_private.read_surface(r.land_surface),
    app_private.read_count(r.rooms), app_private.read_date(r.listed_on), app_private.read_date(r.sale_date),
    app_private.read_coordinate(r.longitude), app_private.read_coordinate(r.latitude),
    r.payload, nullif(r.scraped_at, '-infinity')
  from app_private.legacy_rows() as r;
end
$$;

comment on function app_private.pulled_homes(boolean) is $$
The homes of public.pulled_properties, one for each key, as properties_current shows them; none unless asked.

PC404: asked, and there is no such table.
$$;

grant execute on function app_private.pulled_homes(boolean) to app_analyst;
