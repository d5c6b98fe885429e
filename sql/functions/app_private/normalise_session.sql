-- requires: sql/functions/app_private/inherit_normal_forms.sql
-- One statement over the rows to do. What can be read at sight is, on the first pass. The rest is taken apart:
-- streets, places and the odd cells each become a list without repeats, read one kind after the other, since
-- PostgreSQL keeps 32 compiled regular expressions and would compile them anew for each row. Then the rows are put
-- together. The steps in between have no statistics, and a nested loop over a million rows never ends. Plans are cached
-- as usual (auto): a caller who forces custom plans would have every reader's body planned anew for each text.

create function app_private.normalise_session(session uuid)
returns integer
language plpgsql
volatile
set enable_nestloop = off
set enable_mergejoin = off
set plan_cache_mode = auto
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
    sighted as (
      select
        t.property_id,
        s.*,
        -- One look over all texts of the row: most have nothing to tidy, and no empty field.
        (
          E'\x1e' || coalesce(s.title, '-') || E'\x1e' || coalesce(s.address, '-') || E'\x1e' || coalesce(s.city, '-')
          || E'\x1e' || coalesce(s.postal_code, '-') || E'\x1e' || coalesce(s.insee_code, '-')
          || E'\x1e' || coalesce(s.property_url, '-') || E'\x1e' || coalesce(s.agency_name, '-')
          || E'\x1e' || coalesce(s.contact_email, '-') || E'\x1e'
        ) !~ ' [ \u001e]|\u001e[ \u001e]|[\t\n\r\u00a0\u202f]' as is_tidy,
        app_private.sight_status(s.status) as status_seen,
        app_private.sight_property_type(s.property_type) as type_seen,
        nullif(app_private.sight_price(s.price), 0) as price_seen,
        nullif(app_private.sight_surface(s.surface), 0) as surface_seen,
        nullif(app_private.sight_surface(s.land_surface), 0) as land_seen,
        nullif(app_private.sight_count(s.rooms), 0) as rooms_seen,
        app_private.sight_count(s.bedrooms) as bedrooms_seen,
        app_private.sight_floor(s.floor) as floor_seen,
        app_private.sight_year(s.built_year) as year_seen,
        app_private.sight_dpe_class(s.dpe_class) as dpe_class_seen,
        nullif(app_private.sight_figure(s.dpe_energy), 0) as energy_seen,
        app_private.sight_dpe_class(s.ghg_class) as ghg_class_seen,
        app_private.sight_figure(s.dpe_emissions) as emissions_seen,
        app_private.sight_date(s.listed_on) as listed_on_seen,
        app_private.sight_date(s.sale_date) as sold_on_seen,
        app_private.sight_coordinate(s.longitude) as longitude_seen,
        app_private.sight_coordinate(s.latitude) as latitude_seen,
        app_private.sight_phone(s.contact_phone) as phone_seen,
        app_private.sight_postal_code(s.postal_code) as postal_code_seen
      from pg_temp.session_todo as t
      join app_public.property_scrapes_staging as s on s.id = t.staged_id
      where s.session_id = normalise_session.session
        and s.bucket between first_bucket and last_bucket
        and (
          inherited_count = 0
          or not exists (
            select from app_public.staged_properties as i
            where i.bucket = target_bucket and i.session_id = normalise_session.session and i.staged_id = t.staged_id
          )
        )
      offset 0
    ),
    given as materialized (
      select
        s.property_id, s.id, s.source_key, s.raw_fingerprint,
        case
          when s.is_tidy and s.property_url not like '%?%' then s.property_url
          else app_private.clean_url(s.property_url)
        end as property_url,
        case when s.is_tidy then s.title else app_private.tidy(s.title) end as title,
        case when s.is_tidy then s.agency_name else app_private.tidy(s.agency_name) end as agency_name,
        lower(case when s.is_tidy then s.contact_email else app_private.tidy(s.contact_email) end) as contact_email,
        nullif(btrim(s.description, U&' \00a0\202f\000a\000d\0009'), '') as description,
        nullif(upper(translate(s.parcel_id, U&' \00a0\202f', '')), '') as parcel_id,
        nullif(upper(translate(s.dpe_number, U&' \00a0\202f', '')), '') as dpe_number,
        s.sale_date is not null as has_sale_date,
        s.city_said, s.postal_code_said, s.code_said,
        s.status_seen, s.type_seen, s.price_seen, s.surface_seen, s.land_seen, s.rooms_seen, s.bedrooms_seen,
        s.floor_seen, s.year_seen, s.dpe_class_seen, s.energy_seen, s.ghg_class_seen, s.emissions_seen,
        s.listed_on_seen, s.sold_on_seen, s.phone_seen, s.postal_code_seen,
        case when s.is_place_seen then s.longitude_seen end as longitude_seen,
        case when s.is_place_seen then s.latitude_seen end as latitude_seen,
        a.street_number,
        a.street,
        a.is_long,
        a.postal_code as postal_code_found,
        a.city as city_found,
        case
          when a.is_long then concat_ws(E'\x1f', a.street, a.street_number is not null, coalesce(s.city_said, a.city))
          else concat(a.street, a.street_number is not null)
        end as street_key,
        nullif(array_remove(array[
          app_private.odd_cell('status', s.status, s.status_seen is not null),
          app_private.odd_cell('property_type', s.property_type, s.type_seen is not null),
          app_private.odd_cell('price', s.price, s.price_seen is not null),
          app_private.odd_cell('surface', s.surface, s.surface_seen is not null),
          app_private.odd_cell('land_surface', s.land_surface, s.land_seen is not null),
          app_private.odd_cell('rooms', s.rooms, s.rooms_seen is not null),
          app_private.odd_cell('bedrooms', s.bedrooms, s.bedrooms_seen is not null),
          app_private.odd_cell('floor', s.floor, s.floor_seen is not null),
          app_private.odd_cell('built_year', s.built_year, s.year_seen is not null),
          app_private.odd_cell('dpe_class', s.dpe_class, s.dpe_class_seen is not null),
          app_private.odd_cell('dpe_energy', s.dpe_energy, s.energy_seen is not null),
          app_private.odd_cell('ghg_class', s.ghg_class, s.ghg_class_seen is not null),
          app_private.odd_cell('dpe_emissions', s.dpe_emissions, s.emissions_seen is not null),
          app_private.odd_cell('listed_on', s.listed_on, s.listed_on_seen is not null),
          app_private.odd_cell('sale_date', s.sale_date, s.sold_on_seen is not null),
          app_private.odd_cell('contact_phone', s.contact_phone, s.phone_seen is not null),
          app_private.odd_cell('postal_code', s.postal_code, s.postal_code_seen is not null),
          case
            when s.property_type is null or s.type_seen is null and app_private.is_not_said(s.property_type)
              then 'title:' || s.title
          end,
          case when not (s.is_place_seen and s.longitude_seen is not null) and s.longitude <> ''
            then concat('longitude:', s.longitude, E'\x1f', s.latitude) end,
          case when not (s.is_place_seen and s.latitude_seen is not null) and s.latitude <> ''
            then concat('latitude:', s.latitude, E'\x1f', s.longitude) end
        ], null), '{}') as odd_cells
      from (
        select
          f.*,
          case
            when (length(f.city) <= 3 or f.city between 'N' and 'Non~') and app_private.is_not_said(f.city) then null
            when f.is_tidy then f.city
            else app_private.tidy(f.city)
          end as city_said,
          case when f.is_tidy then f.postal_code else app_private.tidy(f.postal_code) end as postal_code_said,
          upper(case when f.is_tidy then f.insee_code else app_private.tidy(f.insee_code) end) as code_said,
          coalesce(app_private.is_place_on_earth(f.longitude_seen, f.latitude_seen), false) as is_place_seen
        from sighted as f
        offset 0
      ) as s
      cross join lateral (
        select p.* from app_private.split_address(
          case
            when length(s.address) <= 30 and s.address not between '1' and ':' and app_private.is_not_said(s.address)
              then null
            when s.is_tidy then s.address
            else app_private.tidy(s.address)
          end,
          s.city_said
        ) as p
        offset 0
      ) as a
    ),
    odd_cells as materialized (
      select
        g.id,
        split_part(c.cell, ':', 1) as field,
        substr(c.cell, strpos(c.cell, ':') + 1) as words
      from given as g
      cross join lateral unnest(g.odd_cells) as c (cell)
    ),
    odd_texts as materialized (
      select
        d.field, d.words, r.value,
        -- A coordinate of 0 says something, and falsely; any other field that says 0 says nothing.
        r.value is null and d.field <> 'title' and (
          d.field in ('longitude', 'latitude') and d.words like '0%'
          or not app_private.is_not_said(split_part(d.words, E'\x1f', 1))
        ) as is_unreadable
      from (select distinct o.field, o.words from odd_cells as o order by o.field) as d
      cross join lateral (select app_private.read_field(d.field, d.words) as value offset 0) as r
    ),
    odd_rows as materialized (
      select
        o.id,
        jsonb_object_agg(o.field, t.value) filter (where t.value is not null) as fields,
        jsonb_object_agg(o.field, split_part(o.words, E'\x1f', 1)) filter (where t.is_unreadable) as unreadable
      from odd_cells as o
      join odd_texts as t on t.field = o.field and t.words = o.words
      group by o.id
    ),
    street_texts as materialized (
      select distinct
        g.street_key, g.street, g.is_long,
        g.street_number is not null as has_number,
        case when g.is_long then coalesce(g.city_said, g.city_found) end as city
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
        l.street_number, l.complement, l.postal_code, l.place
      from street_texts as k
      cross join lateral app_private.read_long_address(k.street, k.city, k.has_number) as l
      where k.is_long
    ),
    streets as materialized (
      select p.street_key, p.street_number, p.complement, p.postal_code, p.city, r.*
      from street_parts as p
      cross join lateral app_private.read_street(p.street, p.has_number) as r
    ),
    places as materialized (
      select r.*
      from (
        select array_agg(d.city) as cities, array_agg(d.postal_code) as postal_codes, array_agg(d.code_said) as codes
        from (
          select distinct
            coalesce(g.city_said, g.city_found, t.city) as city,
            coalesce(g.postal_code_said, g.postal_code_found, t.postal_code) as postal_code,
            g.code_said
          from given as g
          left join streets as t on t.street_key = g.street_key
        ) as d
        having count(*) > 0
      ) as asked
      cross join lateral app_private.resolve_places(asked.cities, asked.postal_codes, asked.codes) as r
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
    target_bucket, normalise_session.session, g.id, g.source_key, g.property_id, g.property_url,
    -- Whoever gives the day of a sale says that it is sold.
    coalesce(
      g.status_seen,
      (o.fields ->> 'status')::app_base.property_status,
      case when g.has_sale_date then 'sold'::app_base.property_status else 'active' end
    ),
    g.title,
    nullif(concat_ws(
      ', ', nullif(ltrim(concat(coalesce(g.street_number, t.street_number), t.shown)), ''), t.complement
    ), ''),
    coalesce(g.street_number, t.street_number), t.street_suffix, t.street_type, t.street_name,
    ltrim(concat(coalesce(g.street_number, t.street_number)) || t.matched),
    coalesce(g.postal_code_seen, o.fields ->> 'postal_code', g.postal_code_found, t.postal_code),
    l.city_name, l.insee_code, l.department_code, l.city_confidence, g.parcel_id,
    coalesce(
      g.type_seen,
      (o.fields ->> 'property_type')::app_base.property_type,
      (o.fields ->> 'title')::app_base.property_type,
      'unspecified'
    ),
    coalesce(g.price_seen, (o.fields ->> 'price')::numeric),
    coalesce(g.surface_seen, (o.fields ->> 'surface')::numeric),
    coalesce(g.land_seen, (o.fields ->> 'land_surface')::numeric),
    coalesce(g.rooms_seen, (o.fields ->> 'rooms')::smallint),
    coalesce(g.bedrooms_seen, (o.fields ->> 'bedrooms')::smallint),
    coalesce(g.floor_seen, (o.fields ->> 'floor')::smallint),
    coalesce(g.year_seen, (o.fields ->> 'built_year')::smallint),
    g.dpe_number,
    coalesce(g.dpe_class_seen, o.fields ->> 'dpe_class'),
    coalesce(g.energy_seen, (o.fields ->> 'dpe_energy')::integer),
    coalesce(g.ghg_class_seen, o.fields ->> 'ghg_class'),
    coalesce(g.emissions_seen, (o.fields ->> 'dpe_emissions')::integer),
    coalesce(g.listed_on_seen, (o.fields ->> 'listed_on')::date),
    coalesce(g.sold_on_seen, (o.fields ->> 'sale_date')::date),
    coalesce(g.longitude_seen, (o.fields ->> 'longitude')::double precision),
    coalesce(g.latitude_seen, (o.fields ->> 'latitude')::double precision),
    g.agency_name,
    coalesce(g.phone_seen, o.fields ->> 'contact_phone'),
    g.contact_email, g.description, g.raw_fingerprint,
    case
      when l.is_code_known then o.unreadable
      else coalesce(o.unreadable, '{}') || jsonb_build_object('insee_code', g.code_said)
    end
  from given as g
  left join streets as t on t.street_key = g.street_key
  left join odd_rows as o on o.id = g.id
  left join places as l
    on coalesce(l.city_said, '') = coalesce(g.city_said, g.city_found, t.city, '')
    and coalesce(l.postal_code_said, '') = coalesce(g.postal_code_said, g.postal_code_found, t.postal_code, '')
    and coalesce(l.code_said, '') = coalesce(g.code_said, '');
  get diagnostics read_count = row_count;
  return inherited_count + read_count;
end
$$;

comment on function app_private.normalise_session(uuid) is $$
Reads the rows of pg_temp.session_todo (staged_id, property_id) of a session into staged_properties and gives their
number: texts trimmed, amounts, days, kinds and certificates in their types, the address in its parts and its form
for matching, the commune resolved. Each reader (read_price, read_surface, read_date …) says what it understands.

What is written and cannot be read leaves its column null and stands in `unreadable` under the name of the staged field.
Words that say nothing (is_not_said: NC, prix sur demande, 0) leave it null without that. Coordinates that are 0/0,
exchanged or off the globe are unreadable, and so is an INSEE code that nobody knows. A day of sale without a status
means sold; a missing type is taken from the title where its words leave no doubt; postal code and city may come from
the address. A row that says what its live home's source said last inherits its normal form (inherit_normal_forms).

PC404: there is no such session.
$$;
