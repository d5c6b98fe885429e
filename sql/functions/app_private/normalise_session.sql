-- requires: sql/functions/app_private/inherit_normal_forms.sql
-- One statement over the rows to do. They are copied first, since everything below reads them again; what repeats from
-- home to home (streets, places) is read once for all of them, and the readers know the common forms at sight.
-- The steps in between have no statistics, and a nested loop over a million rows never ends.

create function app_private.normalise_session(session uuid)
returns integer
language plpgsql
volatile
set enable_nestloop = off
set enable_mergejoin = off
set plan_cache_mode = force_custom_plan
set jit = off
set search_path = pg_catalog, pg_temp
as $$
declare
  first_bucket integer;
  last_bucket integer;
  target_bucket integer;
  inherited_count integer := 0;
  read_count integer;
begin
  select
    coalesce(s.staging_bucket, s.queued_at::date - date '2000-01-01' - 1),
    coalesce(s.staging_bucket, current_date - date '2000-01-01' + 1),
    coalesce(s.staging_bucket, current_date - date '2000-01-01')
  into first_bucket, last_bucket, target_bucket
  from app_public.scrape_sessions as s
  where s.id = normalise_session.session;
  if not found then
    raise exception 'session % does not exist', normalise_session.session
      using errcode = 'PC404', hint = 'Look for it in scrape_sessions.';
  end if;
  if exists (select from pg_temp.session_todo as t where t.property_id is not null) then
    inherited_count := app_private.inherit_normal_forms(session, first_bucket, last_bucket, target_bucket);
  end if;

  with
    given as materialized (
      select
        t.property_id,
        s.id, s.source_key, s.property_url, s.status, s.title, app_private.tidy(s.postal_code) as postal_code,
        upper(app_private.tidy(s.insee_code)) as insee_code,
        s.parcel_id, s.property_type, s.price, s.surface, s.land_surface, s.rooms, s.bedrooms, s.floor, s.built_year,
        s.dpe_number, s.dpe_class, s.dpe_energy, s.ghg_class, s.dpe_emissions, s.listed_on, s.sale_date, s.longitude,
        s.latitude, s.agency_name, s.contact_phone, s.contact_email, s.description, s.raw_fingerprint,
        c.city,
        a.street_number,
        a.postal_code as postal_code_found,
        a.city as city_found,
        case when a.is_long then concat_ws(E'\x1f', a.street, a.street_number is not null, coalesce(c.city, a.city))
          else concat(a.street, a.street_number is not null) end as street_key,
        a.street,
        coalesce(a.is_long, false) as is_long
      from pg_temp.session_todo as t
      join app_public.property_scrapes_staging as s on s.id = t.staged_id
      cross join lateral (
        select case
          when (length(s.city) <= 3 or s.city ilike 'non %' or s.city ilike 'inconnu%') and app_private.is_not_said(s.city)
            then null
          else app_private.tidy(s.city)
        end as city
        offset 0
      ) as c
      cross join lateral (
        select p.* from app_private.split_address(
          case
            when length(s.address) <= 30 and s.address !~ '^[1-9]' and app_private.is_not_said(s.address) then null
            else s.address
          end,
          c.city
        ) as p
        offset 0
      ) as a
      where s.session_id = normalise_session.session
        and s.bucket between first_bucket and last_bucket
        and (
          inherited_count = 0
          or not exists (
            select from app_public.staged_properties as i
            where i.bucket = target_bucket and i.session_id = normalise_session.session and i.staged_id = t.staged_id
          )
        )
    ),
    street_texts as materialized (
      select distinct
        g.street_key, g.street, g.is_long,
        g.street_number is not null as has_number,
        case when g.is_long then coalesce(g.city, g.city_found) end as city
      from given as g
      where g.street is not null
    ),
    street_parts as materialized (
      select
        k.street_key, k.street, k.has_number,
        null::integer as street_number, null::text as complement, null::text as postal_code, null::text as city
      from street_texts as k
      where not k.is_long
      union all
      select
        k.street_key, l.street, k.has_number or l.street_number is not null,
        l.street_number, l.complement, l.postal_code, l.city
      from street_texts as k
      cross join lateral app_private.read_long_address(k.street, k.city, k.has_number) as l
      where k.is_long
    ),
    streets as materialized (
      select p.street_key, p.street_number, p.complement, p.postal_code, p.city, r.*
      from street_parts as p
      cross join lateral app_private.read_street(p.street, p.has_number) as r
    ),
    place_texts as materialized (
      select d.*, row_number() over () as position
      from (
        select distinct
          coalesce(g.city, g.city_found, t.city) as city,
          coalesce(g.postal_code, g.postal_code_found, t.postal_code) as postal_code,
          g.insee_code
        from given as g
        left join streets as t on t.street_key = g.street_key
      ) as d
    ),
    places as materialized (
      select
        coalesce(k.city, '') as city_said,
        coalesce(k.postal_code, '') as postal_code_said,
        coalesce(k.insee_code, '') as code_said,
        r.*
      from (
        select
          array_agg(k.city order by k.position) as cities,
          array_agg(k.postal_code order by k.position) as postal_codes,
          array_agg(k.insee_code order by k.position) as insee_codes
        from place_texts as k
        having count(*) > 0
      ) as asked
      cross join lateral app_private.resolve_places(asked.cities, asked.postal_codes, asked.insee_codes) as r
      join place_texts as k on k.position = r.position
    )
  insert into app_public.staged_properties (
    bucket, session_id, staged_id, source_key, property_id, property_url, status, title,
    address, street_number, street_suffix, street_type, street_name, address_key,
    postal_code, city_name, insee_code, department_code, city_confidence, parcel_id, property_type,
    price_eur, surface_m2, land_surface_m2, room_count, bedroom_count, floor_no, built_year,
    dpe_number, dpe_class, dpe_kwh_m2, ghg_class, ghg_kgco2_m2, listed_on, sold_on, longitude, latitude,
    agency_name, contact_phone, contact_email, description, raw_fingerprint, unreadable
  )
  select
    target_bucket, normalise_session.session, v.id, v.source_key, v.property_id,
    app_private.clean_url(v.property_url),
    -- Whoever gives the day of a sale says that it is sold.
    coalesce(v.status_read, case when v.sale_date is null then 'active'::app_base.property_status else 'sold' end),
    app_private.tidy(v.title),
    nullif(concat_ws(', ', nullif(ltrim(concat(v.number, v.shown)), ''), v.complement), ''),
    v.number, v.street_suffix, v.street_type, v.street_name,
    ltrim(coalesce(v.number::text, '') || v.matched),
    v.postal_code_read, v.city_name, v.insee_code_read, v.department_code, v.city_confidence,
    nullif(upper(translate(v.parcel_id, U&' \00a0\202f', '')), ''),
    coalesce(
      v.type_read,
      case when v.title is not null and (v.property_type is null or app_private.is_not_said(v.property_type))
        then app_private.property_type_in(app_base.search_text(v.title), false) end,
      'unspecified'
    ),
    v.price_eur, v.surface_m2, v.land_surface_m2, v.room_count, v.bedroom_count, v.floor_no, v.year_read,
    nullif(upper(translate(v.dpe_number, U&' \00a0\202f', '')), ''),
    v.dpe_class_read, v.dpe_kwh_m2, v.ghg_class_read, v.ghg_kgco2_m2, v.listed_on_read, v.sold_on,
    case when v.is_place then v.longitude_read end, case when v.is_place then v.latitude_read end,
    app_private.tidy(v.agency_name), v.phone_read, lower(app_private.tidy(v.contact_email)),
    app_private.tidy(v.description), v.raw_fingerprint,
    case
      -- Most rows can be read whole, and a list of what cannot costs more than to see that.
      when v.status_read is null and v.status is not null
        or v.type_read is null and v.property_type is not null
        or v.price_eur is null and v.price is not null
        or v.surface_m2 is null and v.surface is not null
        or v.land_surface_m2 is null and v.land_surface is not null
        or v.room_count is null and v.rooms is not null
        or v.bedroom_count is null and v.bedrooms is not null
        or v.floor_no is null and v.floor is not null
        or v.year_read is null and v.built_year is not null
        or v.dpe_class_read is null and v.dpe_class is not null
        or v.dpe_kwh_m2 is null and v.dpe_energy is not null
        or v.ghg_class_read is null and v.ghg_class is not null
        or v.ghg_kgco2_m2 is null and v.dpe_emissions is not null
        or v.listed_on_read is null and v.listed_on is not null
        or v.sold_on is null and v.sale_date is not null
        or v.phone_read is null and v.contact_phone is not null
        or v.postal_code_read is null and v.postal_code is not null
        or not v.is_place
        or v.longitude_read is null and v.longitude is not null
        or v.latitude_read is null and v.latitude is not null
        or not v.is_code_known
      then nullif(jsonb_strip_nulls(jsonb_build_object(
        'status', case when v.status_read is null and not app_private.is_not_said(v.status) then v.status end,
        'property_type', case when v.type_read is null and not app_private.is_not_said(v.property_type) then v.property_type end,
        'price', case when v.price_eur is null and not app_private.is_not_said(v.price) then v.price end,
        'surface', case when v.surface_m2 is null and not app_private.is_not_said(v.surface) then v.surface end,
        'land_surface', case when v.land_surface_m2 is null and not app_private.is_not_said(v.land_surface) then v.land_surface end,
        'rooms', case when v.room_count is null and not app_private.is_not_said(v.rooms) then v.rooms end,
        'bedrooms', case when v.bedroom_count is null and not app_private.is_not_said(v.bedrooms) then v.bedrooms end,
        'floor', case when v.floor_no is null and not app_private.is_not_said(v.floor) then v.floor end,
        'built_year', case when v.year_read is null and not app_private.is_not_said(v.built_year) then v.built_year end,
        'dpe_class', case when v.dpe_class_read is null and not app_private.is_not_said(v.dpe_class) then v.dpe_class end,
        'dpe_energy', case when v.dpe_kwh_m2 is null and not app_private.is_not_said(v.dpe_energy) then v.dpe_energy end,
        'ghg_class', case when v.ghg_class_read is null and not app_private.is_not_said(v.ghg_class) then v.ghg_class end,
        'dpe_emissions', case when v.ghg_kgco2_m2 is null and not app_private.is_not_said(v.dpe_emissions) then v.dpe_emissions end,
        'listed_on', case when v.listed_on_read is null and not app_private.is_not_said(v.listed_on) then v.listed_on end,
        'sale_date', case when v.sold_on is null and not app_private.is_not_said(v.sale_date) then v.sale_date end,
        'contact_phone', case when v.phone_read is null and not app_private.is_not_said(v.contact_phone) then v.contact_phone end,
        'postal_code', case when v.postal_code_read is null and not app_private.is_not_said(v.postal_code) then v.postal_code end,
        'longitude', case when not v.is_place or v.longitude_read is null and not app_private.is_not_said(v.longitude)
          then v.longitude end,
        'latitude', case when not v.is_place or v.latitude_read is null and not app_private.is_not_said(v.latitude)
          then v.latitude end,
        'insee_code', case when not v.is_code_known then v.insee_code end
      )), '{}')
    end
  from (
    select
      r.*,
      app_private.is_place_on_earth(r.longitude_read, r.latitude_read) as is_place
    from (
      select
        g.*,
        coalesce(g.street_number, t.street_number) as number,
        t.street_suffix, t.street_type, t.street_name, t.shown, t.matched, t.complement,
        coalesce(app_private.read_postal_code(g.postal_code), g.postal_code_found, t.postal_code) as postal_code_read,
        l.city_name, l.insee_code as insee_code_read, l.department_code, l.city_confidence, l.is_code_known,
        app_private.read_status(g.status) as status_read,
        app_private.read_property_type(g.property_type) as type_read,
        app_private.read_price(g.price) as price_eur,
        app_private.read_surface(g.surface) as surface_m2,
        round(app_private.read_surface(g.land_surface))::integer as land_surface_m2,
        nullif(app_private.read_count(g.rooms), 0) as room_count,
        app_private.read_count(g.bedrooms) as bedroom_count,
        app_private.read_floor(g.floor) as floor_no,
        app_private.read_year(g.built_year) as year_read,
        app_private.read_dpe_class(g.dpe_class) as dpe_class_read,
        nullif(app_private.read_figure(g.dpe_energy), 0) as dpe_kwh_m2,
        app_private.read_dpe_class(g.ghg_class) as ghg_class_read,
        app_private.read_figure(g.dpe_emissions) as ghg_kgco2_m2,
        app_private.read_date(g.listed_on) as listed_on_read,
        app_private.read_date(g.sale_date) as sold_on,
        app_private.read_coordinate(g.longitude) as longitude_read,
        app_private.read_coordinate(g.latitude) as latitude_read,
        app_private.read_phone(g.contact_phone) as phone_read
      from given as g
      left join streets as t on t.street_key = g.street_key
      left join places as l
        on l.city_said = coalesce(g.city, g.city_found, t.city, '')
        and l.postal_code_said = coalesce(g.postal_code, g.postal_code_found, t.postal_code, '')
        and l.code_said = coalesce(g.insee_code, '')
      offset 0
    ) as r
    offset 0
  ) as v;
  get diagnostics read_count = row_count;
  return inherited_count + read_count;
end
$$;

comment on function app_private.normalise_session(uuid) is $$
Reads the rows of pg_temp.session_todo (staged_id, property_id) of a session into staged_properties and gives their
number: texts trimmed, amounts, days, kinds and certificates in their types, the address in its parts and its form for
matching, the commune resolved. Each reader (read_price, read_surface, read_date …) says what it understands.

What is written and cannot be read leaves its column null and stands in `unreadable` under the name of the staged field.
Words that say nothing (is_not_said: NC, prix sur demande, 0) leave it null without that. Coordinates that are 0/0,
exchanged or off the globe are unreadable, and so is an INSEE code that nobody knows. A day of sale without a status
means sold; a missing type is taken from the title where its words leave no doubt; postal code and city may come from
the address. A row that says what its live home's source said last inherits its normal form (inherit_normal_forms).

PC404: there is no such session.
$$;
