create function app_private.record_city_figures(figures jsonb, task_id bigint default null, token bigint default null)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  recorded integer;
  unknown text;
begin
  if jsonb_typeof(record_city_figures.figures) is distinct from 'array' then
    raise exception 'expected a list of cities, got %', coalesce(jsonb_typeof(record_city_figures.figures), 'null')
      using errcode = 'PC400', hint = 'Give [{"insee_code": "35238", "place": {…}, "source": "…", "prices": {…}}].';
  end if;
  select string_agg(coalesce(f.insee_code, 'null'), ', ') into unknown
  from jsonb_to_recordset(record_city_figures.figures) as f (insee_code text)
  where not exists (select from app_public.cities as c where c.insee_code = f.insee_code);
  if unknown is not null then
    raise exception 'commune % does not exist', unknown
      using errcode = 'PC404', hint = 'Give INSEE codes of present communes: parcelle city resolve NAME.';
  end if;

  insert into app_public.city_outlines as t (
    insee_code, longitude, latitude, west, south, east, north, outline, source, fetched_at
  )
  select distinct on (f.insee_code)
    f.insee_code, (f.place #>> '{centre,0}')::double precision, (f.place #>> '{centre,1}')::double precision,
    (f.place #>> '{bbox,0}')::double precision, (f.place #>> '{bbox,1}')::double precision,
    (f.place #>> '{bbox,2}')::double precision, (f.place #>> '{bbox,3}')::double precision,
    nullif(f.place -> 'outline', 'null'), f.place ->> 'source', now()
  from jsonb_to_recordset(record_city_figures.figures) as f (insee_code text, place jsonb)
  where jsonb_typeof(f.place) = 'object'
  on conflict on constraint city_outlines_pkey do update set
    longitude = excluded.longitude, latitude = excluded.latitude, west = excluded.west, south = excluded.south,
    east = excluded.east, north = excluded.north, outline = excluded.outline, source = excluded.source,
    fetched_at = excluded.fetched_at;

  insert into app_public.city_prices as t (insee_code, property_type, source_id, price_per_m2, stated_on)
  select distinct on (f.insee_code, p.key, s.id)
    f.insee_code, p.key::app_base.property_type, s.id, p.value::numeric, current_date
  from jsonb_to_recordset(record_city_figures.figures) as f (insee_code text, source text, prices jsonb)
  join app_public.sources as s on s.code = f.source
  cross join lateral jsonb_each_text(f.prices) as p
  where jsonb_typeof(f.prices) = 'object' and p.value is not null
  on conflict on constraint city_prices_pkey do update set
    price_per_m2 = excluded.price_per_m2, stated_on = excluded.stated_on, recorded_at = now();

  -- Our own figure is taken at the same moment, so that the two can be compared.
  insert into app_public.city_prices as t (
    insee_code, property_type, source_id, price_per_m2, sale_count, period_from, period_to, stated_on
  )
  select distinct on (m.area_code, m.property_type)
    m.area_code, m.property_type, s.id, m.price_per_m2_mean, m.price_per_m2_count, m.period_start,
    (m.period_start + interval '1 year - 1 day')::date, current_date
  from app_public.market_stats as m
  join app_public.sources as s on s.code = 'dvf'
  where m.area_level = 'commune'
    and m.area_code in (select f ->> 'insee_code' from jsonb_array_elements(record_city_figures.figures) as f)
    and m.property_type in ('flat', 'house') and m.nature = 'sale' and m.period_kind = 'year'
    and m.price_per_m2_mean > 0
  order by m.area_code, m.property_type, m.period_start desc
  on conflict on constraint city_prices_pkey do update set
    price_per_m2 = excluded.price_per_m2, sale_count = excluded.sale_count, period_from = excluded.period_from,
    period_to = excluded.period_to, stated_on = excluded.stated_on, recorded_at = now();

  update app_public.cities as c
  set last_scraped_at = now()
  where c.insee_code in (
    select f.insee_code
    from jsonb_to_recordset(record_city_figures.figures) as f (insee_code text, is_refreshed boolean)
    where f.is_refreshed
  );
  get diagnostics recorded = row_count;
  -- An attempt that somebody else has taken over writes nothing.
  if record_city_figures.task_id is not null then
    perform app_private.check_attempt(record_city_figures.task_id, record_city_figures.token);
  end if;
  return recorded;
end
$$;

comment on function app_private.record_city_figures(jsonb, bigint, bigint) is $$
Writes down what was learnt of cities, over what was known: where they lie, what a square metre costs there by a source's
page, and, of each city named, what it costs by the ledger. Gives how many count as refreshed.

A city is {insee_code, place: {centre, bbox, outline, source}, source, prices: {flat, house}, is_refreshed}; `place` and
`prices` are left out where they could not be learnt, and what was known of them stays.

    select app_private.record_city_figures(
      '[{"insee_code": "35238", "source": "immodata", "prices": {"flat": 3950.5}, "is_refreshed": true}]');  -- 1

Given the task of a pipeline and the token of the attempt at it, nothing is written when another attempt has begun.

PC400: no list. PC404: an unknown commune. PC409: the attempt is over.
$$;
